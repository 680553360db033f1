import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { floats, ints, runs } from "./arbitrary.ts";
import { onEngine, TOLERANCE } from "./engine.ts";

type Image = tf.Tensor4D;
type Size = [number, number];
type Resize = typeof tf.image.resizeBilinear;

const upTo = (max: number) => fc.integer({ min: 1, max });
const square = fc.tuple(upTo(2), upTo(8), upTo(3)).map(([n, h, c]) => [n, h, h, c]);
const oblong = fc.tuple(upTo(2), upTo(8), upTo(8), upTo(3)).map((dims): number[] => dims);
const sizes: fc.Arbitrary<Size> = fc.tuple(upTo(12), upTo(12));
const sampling = fc.constantFrom<[boolean, boolean]>([false, false], [true, false], [false, true]);
const images = (
  shapes: fc.Arbitrary<number[]>,
  make = floats as (dims: number[]) => fc.Arbitrary<tf.Tensor>,
) => fc.tuple(shapes.chain(make), sizes, sampling);

const check = <T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(inputs, property), {
    numRuns: 2 * runs.numRuns,
  });

const kinds: Record<string, Resize> = {
  resizeBilinear: tf.image.resizeBilinear,
  resizeNearestNeighbor: tf.image.resizeNearestNeighbor as Resize,
};

/**
 * tfjs's `cpu` gradient of resizeNearestNeighbor reads the wrong sample of a batch, and never ends where one row or
 * column is stretched with aligned corners (its window is 1 / scale = 1 / 0 long).
 */
function loopsInTfjs(x: tf.Tensor, size: Size, align: boolean): boolean {
  return align && size.some((n, i) => x.shape[i + 1] === 1 && n > 1);
}

for (const [name, resize] of Object.entries(kinds)) {
  describe(name, () => {
    it("up and down, by any factor, with each way of placing pixels", () =>
      check(images(oblong), ([x, size, [align, half]]) =>
        expectAgreement((y: Image) => resize(y, size, align, half), [x]),
      ));

    it("of int32", () =>
      check(images(oblong, ints), ([x, size, [align, half]]) =>
        expectAgreement((y: Image) => resize(y, size, align, half), [x]),
      ));

    it("by whole factors between convolutions, and its gradient", () =>
      check(fc.tuple(square.chain(floats), upTo(3), fc.boolean()), ([x, factor, align]) => {
        const [n, h, w, c] = x.shape as [number, number, number, number];
        const filter = tf.randomNormal([3, 3, c, c], 0, 1, "float32", 1);
        const network = (y: Image, k: Image): tf.Tensor => {
          const resized = resize(tf.conv2d(y, k, 1, "same"), [factor * h, factor * w], align);
          return tf.conv2d(resized, k, 1, "same");
        };
        const one = name === "resizeBilinear" ? x : tf.slice(x, [0, 0, 0, 0], [1, h, w, c]);
        fc.pre(name === "resizeBilinear" || !loopsInTfjs(one, [factor * h, factor * w], align));
        return expectGradientAgreement(network, [one, filter], { terms: 81 * c * c * h * w * n });
      }));
  });
}

describe("gradients", () => {
  it("of resizeBilinear for square images, where tfjs's is right", () =>
    check(images(square), ([x, size, [align, half]]) =>
      expectGradientAgreement((y: Image) => tf.image.resizeBilinear(y, size, align, half), [x], {
        terms: 100,
      }),
    ));

  const single = oblong.map(([, ...dims]) => [1, ...dims]);
  const ending = images(single).filter(([x, size, [align]]) => !loopsInTfjs(x, size, align));
  it("of resizeNearestNeighbor for a batch of one, where tfjs's is right", () =>
    check(ending, ([x, size, [align, half]]) =>
      expectGradientAgreement((y: Image) => tf.image.resizeNearestNeighbor(y, size, align, half), [x], {
        terms: 100,
      }),
    ));

  // The map is linear, so its gradient R^T is known from the map itself: <R x, y> = <x, R^T y> for all x and y.
  for (const [name, resize] of Object.entries(kinds)) {
    it(`of ${name} is the adjoint for oblong images and batches`, () =>
      check(fc.tuple(oblong.chain(floats), sizes, fc.boolean()), async ([x, size, align]) => {
        const forward = (u: Image): tf.Tensor4D => resize(u, size, align);
        const rx = tf.tidy(() => forward(x as Image));
        const y = tf.tidy(() => tf.cos(tf.reshape(tf.range(0, rx.size), rx.shape)));
        const backward = onEngine((u: Image, dy: Image) =>
          tf.grad((v: tf.Tensor) => forward(v as Image))(u, dy),
        );
        const result = await backward(x as Image, y as Image);
        expect(result.shape).toEqual(x.shape);
        const dx = tf.tensor(await result.data(), x.shape);
        const dot = (a: tf.Tensor, b: tf.Tensor): number =>
          tf.tidy(() => tf.sum(tf.mul(a, b)).dataSync()[0]!);
        // The products may cancel: the error is relative to their number, not to their sum.
        expect(Math.abs(dot(x, dx) - dot(rx, y))).toBeLessThan(TOLERANCE * (x.size + y.size));
        await backward.dispose();
      }));
  }
});
