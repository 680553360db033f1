/** Second derivatives: `src/gradients/convolution.ts` and `resampling.ts`. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { floats } from "./arbitrary.ts";
import { kernel, property, range } from "./finite-differences.ts";

const small = (dims: number[]) => floats(dims, { min: -1, max: 1 });

describe("convolutions, differentiated twice", () => {
  const specs = fc.record({
    size: fc.integer({ min: 3, max: 5 }),
    filter: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: 1, max: 2 }),
    outputs: fc.integer({ min: 1, max: 2 }),
    strides: fc.constantFrom(1, 2),
    pad: fc.constantFrom("same" as const, "valid" as const),
  });
  const common = { dataFormat: "NHWC", dimRoundingMode: undefined };

  for (const [name, prefix] of [
    ["dense", "Conv2D"],
    ["depthwise", "DepthwiseConv2dNative"],
  ] as const) {
    const examples = specs.chain((s) => {
      const filterShape = [s.filter, s.filter, s.inputs, s.outputs];
      const x = [1, s.size, s.size, s.inputs];
      const attrs = { ...common, strides: s.strides, pad: s.pad, dilations: [1, 1] };
      const run = (image: tf.Tensor, w: tf.Tensor): tf.Tensor =>
        kernel(prefix, { x: image, filter: w }, attrs);
      const dy = tf.tidy(() => run(tf.zeros(x), tf.zeros(filterShape)).shape);
      return fc
        .tuple(small(x), small(filterShape), small(dy))
        .map(([image, w, d]) => ({ image, w, d, attrs, x, filterShape }));
    });
    it(`gradient of the ${name} filter gradient`, () =>
      property(
        examples.map(({ image, d, attrs, filterShape }) => ({
          inputs: [image, d],
          fn: (x, dy) => kernel(`${prefix}BackpropFilter`, { x: x!, dy: dy! }, { ...attrs, filterShape }),
        })),
      ));
    it(`gradient of the ${name} input gradient`, () =>
      property(
        examples.map(({ w, d, attrs, x }) => ({
          inputs: [d, w],
          fn: (dy, filter) =>
            kernel(`${prefix}BackpropInput`, { dy: dy!, filter: filter! }, { ...attrs, inputShape: x }),
        })),
      ));
    it(`gradient penalty through a ${name} convolution`, () =>
      property(
        examples.map(({ image, w, attrs }) => ({
          inputs: [image, w],
          twice: true,
          fn: (x, filter) => kernel(prefix, { x: x!, filter: filter! }, attrs),
        })),
      ));
  }
});

describe("resampling, differentiated twice", () => {
  const image = floats([1, 4, 4, 2]);
  it("average pooling", () =>
    property(
      fc.tuple(image, floats([1, 2, 2, 2])).map(([x, d]) => ({
        inputs: [x, d],
        fn: (input, dy) =>
          kernel(
            "AvgPoolGrad",
            { dy: dy!, input: input! },
            { filterSize: [2, 2], strides: [2, 2], pad: "valid" },
          ),
      })),
    ));
  it("max pooling", () =>
    property(
      fc.tuple(fc.shuffledSubarray(range(32), { minLength: 32 }), floats([2, 2, 2, 2])).map(([order, d]) => ({
        inputs: [d],
        // The image is no argument: the places of its maxima jump.
        fn: (dy) => {
          const input = tf.tensor4d(
            order.flatMap((v) => [v, -v]),
            [2, 4, 4, 2],
          );
          const attrs = { filterSize: 2, strides: 2, pad: "valid" };
          return kernel("MaxPoolGrad", { dy: dy!, input, output: tf.maxPool(input, 2, 2, "valid") }, attrs);
        },
      })),
    ));
  it("gradient penalty through max pooling", () =>
    property(
      fc.shuffledSubarray(range(32), { minLength: 32 }).map((order) => ({
        inputs: [tf.tensor4d(order, [1, 4, 8, 1])],
        twice: true,
        fn: (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"),
      })),
    ));
  for (const [name, resize] of [
    ["ResizeBilinear", tf.image.resizeBilinear],
    ["ResizeNearestNeighbor", tf.image.resizeNearestNeighbor],
  ] as const) {
    it.each([false, true])(`${name}, alignCorners = %s`, (alignCorners) =>
      property(
        fc.tuple(image, floats([1, 7, 6, 2])).map(([x, d]) => ({
          inputs: [x, d],
          fn: (images, dy) =>
            tf.add(
              kernel(`${name}Grad`, { images: images!, dy: dy! }, { alignCorners, halfPixelCenters: false }),
              tf.mul(0, images!),
            ),
        })),
      ),
    );
    it(`gradient penalty through ${name}`, () =>
      property(
        image.map((x) => ({ inputs: [x], twice: true, fn: (t) => resize(t as tf.Tensor4D, [6, 7]) })),
      ));
  }
});
