/** Augmentation: nothing where nothing is asked for, the same for the same generator, and each option does what it says. */

import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { augment, HANDWRITING, HOUSE_NUMBERS, NO_AUGMENTATION } from "./augment.ts";

const SIDE = 28;
const COUNT = 6;
const bytes = Uint8Array.from(generatorFromSeed("images").integers(COUNT * SIDE * SIDE * 3, 256));
const plain = Float32Array.from(bytes, (v) => (2 * v) / 255 - 1);
const generator = () => generatorFromSeed(1);
const only = (options: Partial<typeof NO_AUGMENTATION>) => ({ ...NO_AUGMENTATION, ...options });

/** A white square of 8 x 8 pixels in the middle of black. */
const square = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
  const [row, column] = [Math.floor(i / 3 / SIDE), Math.floor(i / 3) % SIDE];
  return Math.abs(row - 13.5) < 4 && Math.abs(column - 13.5) < 4 ? 255 : 0;
});

/** Of how bright an image is, [0, 1]: its sum, centre and spread, in pixels. */
function moments(image: Float32Array) {
  const ink = Array.from({ length: SIDE * SIDE }, (_, i) => (image[3 * i]! + 1) / 2);
  const sum = ink.reduce((a, b) => a + b, 0);
  const mean = (f: (row: number, column: number) => number) =>
    ink.reduce((total, v, i) => total + v * f(Math.floor(i / SIDE), i % SIDE), 0) / sum;
  const [y, x] = [mean((row) => row), mean((_, column) => column)];
  const tall = Math.sqrt(mean((row) => (row - y) ** 2));
  const wide = Math.sqrt(mean((_, column) => (column - x) ** 2));
  return { sum, x, y, tall, wide };
}

function expectClose(found: Float32Array, expected: Float32Array, digits = 5): void {
  expect(found.length).toBe(expected.length);
  let largest = 0;
  found.forEach((v, i) => {
    largest = Math.max(largest, Math.abs(v - expected[i]!));
  });
  expect(largest).toBeLessThan(10 ** -digits);
}

it("all zero: the images, from 0 ... 255 to -1 ... 1", () => {
  expectClose(augment(bytes, generator(), NO_AUGMENTATION), plain);
});

it.each([
  ["HANDWRITING", HANDWRITING],
  ["HOUSE_NUMBERS", HOUSE_NUMBERS],
])("%s: the same numbers for the same generator, others for another, all in [-1, 1]", (_, options) => {
  const found = augment(bytes, generator(), options);
  expect(augment(bytes, generator(), options)).toEqual(found);
  expect(augment(bytes, generatorFromSeed(2), options)).not.toEqual(found);
  expect(found.every((v) => v >= -1 && v <= 1)).toBe(true);
  // An image's draws depend on its place, not on how many come after it.
  const half = bytes.subarray(0, bytes.length / 2);
  expect(augment(half, generator(), options)).toEqual(found.subarray(0, found.length / 2));
});

describe("one option alone", () => {
  const original = moments(augment(square, generator(), NO_AUGMENTATION));
  const many = (options: Partial<typeof NO_AUGMENTATION>) =>
    Array.from({ length: 20 }, (_, seed) => moments(augment(square, generatorFromSeed(seed), only(options))));

  it("shift moves by up to so many pixels either way", () => {
    for (const { x, y, sum } of many({ shift: 3 })) {
      expect(Math.abs(x - original.x)).toBeLessThanOrEqual(3);
      expect(Math.abs(y - original.y)).toBeLessThanOrEqual(3);
      expect(sum).toBeCloseTo(original.sum, 3);
    }
    expect(Math.max(...many({ shift: 3 }).map(({ x }) => x - original.x))).toBeGreaterThan(1);
    expect(Math.min(...many({ shift: 3 }).map(({ x }) => x - original.x))).toBeLessThan(-1);
  });

  it("zoom changes both sides alike, stretch one at the other's expense", () => {
    for (const { tall, wide } of many({ zoom: 0.4 })) {
      expect(tall / wide).toBeCloseTo(1, 2);
      expect(tall / original.tall).toBeLessThan(1.45);
      expect(tall / original.tall).toBeGreaterThan(1 / 1.45);
    }
    for (const { tall, wide, sum } of many({ stretch: 0.3 })) {
      expect(wide / tall).toBeLessThan(1.35);
      expect(wide / tall).toBeGreaterThan(1 / 1.35);
      expect(Math.abs(sum / original.sum - 1)).toBeLessThan(0.05);
    }
    const ratios = many({ stretch: 0.3 }).map(({ tall, wide }) => wide / tall);
    expect(Math.max(...ratios)).toBeGreaterThan(1.1);
    expect(Math.min(...ratios)).toBeLessThan(0.9);
  });

  it("turn keeps centre and size", () => {
    for (const { x, y, sum } of many({ turn: 0.25 })) {
      expect(x).toBeCloseTo(original.x, 2);
      expect(y).toBeCloseTo(original.y, 2);
      expect(Math.abs(sum / original.sum - 1)).toBeLessThan(0.05);
    }
  });

  it("invert with certainty: the negative", () => {
    expectClose(
      augment(bytes, generator(), only({ invert: 1 })),
      plain.map((v) => -v),
    );
  });

  it("fade keeps an image's grays and brings its colours to them", () => {
    const found = augment(bytes, generator(), only({ fade: 1 }));
    for (let at = 0; at < 3 * SIDE; at += 3) {
      const gray = (pixels: Float32Array) => (pixels[at]! + pixels[at + 1]! + pixels[at + 2]!) / 3;
      expect(gray(found)).toBeCloseTo(gray(plain), 5);
      expect(Math.abs(found[at]! - gray(found))).toBeLessThanOrEqual(
        Math.abs(plain[at]! - gray(plain)) + 1e-6,
      );
    }
    expect(found).not.toEqual(plain);
  });

  it("gamma keeps black and white", () => {
    expectClose(
      augment(square, generator(), only({ gamma: 0.5 })),
      augment(square, generator(), NO_AUGMENTATION),
    );
    expect(augment(bytes, generator(), only({ gamma: 0.5 }))).not.toEqual(plain);
  });
});

it("beyond the edges the last pixels go on: an image of one colour stays as it is", () => {
  const gray = new Uint8Array(SIDE * SIDE * 3).fill(51);
  const found = augment(gray, generator(), { ...HOUSE_NUMBERS, gamma: 0, invert: 0 });
  expectClose(found, new Float32Array(gray.length).fill(-0.6));
});
