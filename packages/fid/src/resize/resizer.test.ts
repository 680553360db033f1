import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createResizer, RESIZE_MODES, RESIZED_LENGTH, type ResizeMode, type RgbImage } from "./index.ts";

interface Case {
  mode: ResizeMode;
  height: number;
  width: number;
  /** Of the result's bytes. */
  sha256: string;
  /** Every `SAMPLE_STRIDE`th number. */
  samples: number[];
}

const SAMPLE_STRIDE = 9973;
const GOLDEN = new URL("../../../../fixtures/golden/resize/resize.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(GOLDEN, "utf8")) as { cases: Case[] };

/** The image of that size in make-resize.py. */
function image(height: number, width: number): RgbImage {
  const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    let x = Math.imul(i, 0x9e3779b1);
    x ^= x >>> 15;
    x = Math.imul(x, 0x85ebca77);
    return (x ^ (x >>> 13)) & 255;
  });
  return { height, width, data };
}

function resized(mode: ResizeMode, ...images: RgbImage[]): Float32Array {
  const out = new Float32Array(images.length * RESIZED_LENGTH);
  createResizer(mode)(images, out);
  return out;
}

const hash = (x: Float32Array) =>
  createHash("sha256")
    .update(new Uint8Array(x.buffer, x.byteOffset, x.byteLength))
    .digest("hex");

describe.each(RESIZE_MODES)("%s", (mode) => {
  const own = cases.filter((c) => c.mode === mode);

  it.each(own)("$height x $width: the reference's bits", ({ height, width, sha256, samples }) => {
    const out = resized(mode, image(height, width));
    samples.forEach((value, i) => {
      expect(out[i * SAMPLE_STRIDE], `number ${i * SAMPLE_STRIDE}`).toBe(Math.fround(value));
    });
    expect(hash(out)).toBe(sha256);
  });

  it("a batch of unlike sizes, each as if alone, and nothing behind the last", () => {
    const images = [image(28, 28), image(37, 501), image(512, 512), image(1, 1), image(28, 28)];
    const out = new Float32Array(images.length * RESIZED_LENGTH + 1).fill(7);
    createResizer(mode)(images, out);
    images.forEach((one, i) => {
      expect(hash(out.subarray(i * RESIZED_LENGTH, (i + 1) * RESIZED_LENGTH))).toBe(hash(resized(mode, one)));
    });
    expect(out.at(-1)).toBe(7);
  });

  it("more sizes than it keeps taps of", () => {
    const resize = createResizer(mode);
    const out = new Float32Array(RESIZED_LENGTH);
    for (let size = 1; size < 150; size++) resize([image(1, size)], out);
    resize([image(28, 28)], out);
    expect(hash(out)).toBe(hash(resized(mode, image(28, 28))));
  });

  it.each([0, 255])("an image that is %i everywhere stays so, within a rounding", (value) => {
    const white = mode === "pytorch" || mode === "antialias" ? 1 : 127 / 128;
    const expected = value === 0 ? -1 : white;
    for (const size of [64, 700]) {
      const data = new Uint8Array(size * size * 3).fill(value);
      const worst = resized(mode, { height: size, width: size, data }).reduce(
        (max, x) => Math.max(max, Math.abs(x - expected)),
        0,
      );
      expect(worst).toBeLessThan(1e-6);
    }
  });
});

describe("bad input", () => {
  const resize = createResizer("clean");
  const out = new Float32Array(RESIZED_LENGTH);
  const error = (code: string, message: string | RegExp) =>
    expect.objectContaining({ code, exitCode: 2, message: expect.stringMatching(message) });

  it("a mode that there is not", () => {
    for (const mode of ["bicubic", "toString", undefined]) {
      expect(() => createResizer(mode as ResizeMode)).toThrow(
        error("FID_UNKNOWN_RESIZE_MODE", /pytorch, clean, tensorflow, antialias, found /),
      );
    }
  });

  it.each([
    [{ height: 0, width: 4, data: new Uint8Array(0) }, /Image 1: .* found 0 x 4/],
    [{ height: 2.5, width: 4, data: new Uint8Array(30) }, /found 2.5 x 4/],
    [{ height: Number.NaN, width: 4, data: new Uint8Array(0) }, /found NaN x 4/],
    [{ height: 4, width: 4, data: new Uint8Array(16) }, /expected 4 x 4 x 3 = 48 bytes, found 16/],
    [{ height: 4, width: 4, data: new Uint8Array(64) }, /found 64/],
    [{ height: 1, width: 1, data: [1, 2, 3] as unknown as Uint8Array }, /a Uint8Array, found object/],
  ])("%# an image that is none", (bad, message) => {
    const big = new Float32Array(2 * RESIZED_LENGTH).fill(7);
    expect(() => resize([image(2, 2), bad], big)).toThrow(error("FID_INVALID_IMAGE", message));
    expect(
      big.every((x) => x === 7),
      "nothing is written",
    ).toBe(true);
  });

  it("no room for the results", () => {
    expect(() => resize([image(2, 2), image(2, 2)], out)).toThrow(
      error("FID_OUTPUT_SIZE", /536406 numbers for 2/),
    );
  });

  it("no images are no error", () => {
    resize([], new Float32Array(0));
  });
});
