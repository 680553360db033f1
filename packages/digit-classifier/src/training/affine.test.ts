import { mnistDigits } from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import { expect, it } from "vitest";
import { augment } from "./affine.ts";

const SIDE = 28;
const still = { share: 1, turn: 0, scale: 0, shift: 0 };

/** One digit: a bar of ink, two pixels wide and twelve high, in the middle. */
function bar() {
  const images = new Uint8Array(SIDE * SIDE);
  for (let y = 8; y < 20; y++) images.fill(100, y * SIDE + 13, y * SIDE + 15);
  return { images, labels: Int32Array.of(1), height: SIDE, width: SIDE };
}

const ink = (images: Uint8Array) => images.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);

it("leaves the digit where nothing is moved, as ink or paper", () => {
  const { images } = augment(bar(), generatorFromSeed(0), still);
  expect(images).toEqual(bar().images.map((value) => (value > 0 ? 255 : 0)));
});

it("a quarter turn lays the bar down", () => {
  const turned = augment(
    bar(),
    { ...generatorFromSeed(0), split: () => fixed(1 - 2 ** -24) },
    { ...still, turn: Math.PI / 2 },
  );
  const rows = Array.from({ length: SIDE }, (_, y) => ink(turned.images.subarray(y * SIDE, (y + 1) * SIDE)));
  expect(rows.filter((count) => count > 0)).toEqual([12, 12]);
});

it("shifts by whole pixels and loses what leaves the image", () => {
  const moved = augment(
    bar(),
    { ...generatorFromSeed(0), split: () => fixed(1 - 2 ** -24) },
    { ...still, shift: 14 },
  );
  const at = Array.from(moved.images.keys()).filter((i) => moved.images[i]! > 0);
  expect(Math.min(...at)).toBe(22 * SIDE + 27);
  expect(ink(moved.images)).toBe(6);
});

it("gives the same digits for the same seed, others for another, and leaves its share alone", async () => {
  const { images, ...rest } = await mnistDigits("test");
  const digits = {
    ...rest,
    images: images.subarray(0, 500 * SIDE * SIDE),
    labels: rest.labels.subarray(0, 500),
  };
  const once = augment(digits, generatorFromSeed(3));
  expect(augment(digits, generatorFromSeed(3))).toEqual(once);
  expect(augment(digits, generatorFromSeed(4)).images).not.toEqual(once.images);
  const same = Array.from({ length: 500 }, (_, i) => {
    const part = (all: Uint8Array) => all.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    return part(once.images).every((value, at) => value > 0 === part(digits.images)[at]! > 0);
  }).filter(Boolean).length;
  expect(same).toBeGreaterThan(200);
  expect(same).toBeLessThan(300);
});

/** A generator whose every uniform number is nearly 1: each draw at the end of its range. */
function fixed(value: number) {
  return { ...generatorFromSeed(0), uniform: (n: number) => new Float32Array(n).fill(value) };
}
