import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UnsupportedKernelError } from "../src/errors.ts";
import { encode } from "../src/graph/encode.ts";
import { jit } from "../src/index.ts";
import { runtime } from "../src/runtime/session.ts";
import { trace } from "../src/trace/trace.ts";
import { flatten } from "../src/tree.ts";
import { expectAgreement, expectClose, expectGradientAgreement } from "./agreement.ts";
import { explicitPadding, floats, ints, runs } from "./arbitrary.ts";

type Image = tf.Tensor4D;
type Pair = [number, number];
type Pad = "valid" | "same" | number | tf.backend_util.ExplicitPadding;

interface Window {
  shape: [number, number, number, number];
  kernel: Pair;
  strides: Pair;
  pad: Pad;
  rounding?: "floor" | "round" | "ceil";
}

const upTo = (max: number) => fc.integer({ min: 1, max });
const pair = (max: number) => fc.tuple(upTo(max), upTo(max));
const padding = fc.oneof(
  fc.constantFrom<Pad>("valid", "same"),
  fc.nat(2).map((n): Pad => n),
  explicitPadding,
);

/** Windows of every kind that have at least one output. */
const windows: fc.Arbitrary<Window> = fc
  .record({
    shape: fc.tuple(upTo(2), upTo(9), upTo(9), upTo(3)),
    kernel: pair(4),
    strides: pair(4),
    pad: padding,
    rounding: fc.constantFrom("floor" as const, "round" as const, "ceil" as const, undefined),
  })
  .map(
    ({ rounding, ...window }): Window =>
      rounding && typeof window.pad !== "string" ? { ...window, rounding } : window,
  )
  // With numeric padding tfjs sizes the width by the stride of the height; where that makes the result of a 1x1 window as
  // large as the image, its cpu kernel returns the image itself, which is no pooling.
  .filter(({ kernel, strides }) => kernel[0] * kernel[1] > 1 || strides[0] === strides[1])
  .filter(({ shape, kernel, strides, pad, rounding }) => {
    const info = tf.backend_util.computePool2DInfo(shape, kernel, strides, 1, pad, rounding);
    const unrounded = tf.backend_util.computePool2DInfo(shape, kernel, strides, 1, pad);
    return [info, unrounded].every(({ outHeight, outWidth }) => outHeight > 0 && outWidth > 0);
  });

const maxPool =
  ({ kernel, strides, pad, rounding }: Window) =>
  (x: Image) =>
    tf.maxPool(x, kernel, strides, pad, rounding);
const avgPool =
  ({ kernel, strides, pad, rounding }: Window) =>
  (x: Image) =>
    tf.avgPool(x, kernel, strides, pad, rounding);

const withImage = (make: (dims: number[]) => fc.Arbitrary<tf.Tensor>) =>
  windows.chain((window) => fc.tuple(fc.constant(window), make(window.shape)));

const check = <T>(inputs: fc.Arbitrary<T>, property: (input: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(inputs, property), {
    numRuns: 2 * runs.numRuns,
  });

/** Few different values, as after a ReLU, so that most windows have several maxima. */
const tied = (dims: number[]) => ints(dims, { min: -2, max: 1 }).map((x) => tf.relu(tf.cast(x, "float32")));

describe("pooling with every kind of padding and rounding", () => {
  it("maxPool and its gradient", () =>
    check(withImage(floats), ([window, x]) => expectGradientAgreement(maxPool(window), [x])));

  it("the gradient of maxPool where elements are equal", () =>
    check(withImage(tied), ([window, x]) => expectGradientAgreement(maxPool(window), [x])));

  it("avgPool and its gradient", () =>
    check(withImage(floats), ([window, x]) => expectGradientAgreement(avgPool(window), [x], { terms: 16 })));

  it("maxPool of int32", () =>
    check(withImage(ints), ([window, x]) => expectAgreement(maxPool(window), [x])));
});

describe("windows side by side", () => {
  for (const size of [2, 3]) {
    const shapes = fc
      .tuple(upTo(2), upTo(3), upTo(3), upTo(5))
      .map(([n, h, w, c]) => [n, size * h, size * w, c]);
    it(`maxPool ${size}x${size} after a ReLU, and its gradient`, () =>
      check(shapes.chain(tied), (x) =>
        expectGradientAgreement((y: Image) => tf.maxPool(tf.relu(y), size, size, "valid"), [x]),
      ));
    it(`avgPool ${size}x${size} and its gradient`, () =>
      check(shapes.chain(floats), (x) =>
        expectGradientAgreement((y: Image) => tf.avgPool(y, size, size, "same"), [x], { terms: 9 }),
      ));
  }

  it("between convolutions", async () => {
    const net = (x: Image, a: Image, b: Image) =>
      tf.avgPool(
        tf.conv2d(tf.maxPool(tf.relu(tf.conv2d(x, a, 1, "same")), 2, 2, "valid"), b, 1, "same"),
        2,
        2,
        "valid",
      );
    const x = tf.randomNormal([2, 8, 8, 3], 0, 1, "float32", 1);
    const a = tf.randomNormal([3, 3, 3, 4], 0, 1, "float32", 2);
    const b = tf.randomNormal([3, 3, 4, 5], 0, 1, "float32", 3);
    await expectGradientAgreement(net, [x, a, b], { terms: 2000 });
  });
});

describe("maxPoolWithArgmax", () => {
  const unpadded = windows.filter(({ pad }) => typeof pad === "string");
  it("finds the first maximum", () =>
    check(
      unpadded.chain((window) => fc.tuple(fc.constant(window), tied(window.shape), fc.boolean())),
      ([{ kernel, strides, pad }, x, batch]) =>
        expectAgreement(
          (y: Image) => {
            const { result, indexes } = tf.maxPoolWithArgmax(y, kernel, strides, pad as "same", batch);
            return [result!, indexes!];
          },
          [x],
        ),
    ));

  it("refuses windows that may lie in the padding", async () => {
    const compiled = jit((x: Image) => Object.values(tf.maxPoolWithArgmax(x, 2, 2, 2)));
    await expect(compiled(tf.zeros([1, 4, 4, 1]))).rejects.toThrow(UnsupportedKernelError);
  });
});

describe("the gradient of maxPool on devices that report no positions", () => {
  /** The graph made for WebGPU, run on the CPU. */
  async function run(fn: (x: Image) => tf.Tensor, x: Image): Promise<Float32Array> {
    const { graph, inputs, outputs } = trace(fn as never, flatten([x], "args"), "webgpu");
    expect(graph.nodes.map((node) => node.type)).not.toContain("MaxUnpool");
    expect(graph.nodes.map((node) => node.type)).not.toContain("ScatterElements");
    const { InferenceSession, Tensor } = runtime();
    const session = await InferenceSession.create(encode(graph));
    const feeds = { [inputs[0]!]: new Tensor("float32", x.dataSync<"float32">(), x.shape) };
    const results = await session.run(feeds);
    await session.release();
    return results[(outputs[0] as { name: string }).name]!.data as Float32Array;
  }

  it("goes to the first maximum too", () =>
    check(withImage(tied), async ([window, x]) => {
      const weighted = (y: Image): tf.Scalar => {
        const pooled = maxPool(window)(y);
        return tf.sum(tf.mul(pooled, tf.reshape(tf.range(1, pooled.size + 1), pooled.shape)));
      };
      const gradient = (y: Image): tf.Tensor => tf.grad(weighted as never)(y);
      const want = tf.tidy(() => gradient(x as Image));
      expectClose(await run(gradient, x as Image), want.dataSync(), 1e-5, "dx");
    }));
});

describe("values that are no numbers", () => {
  it("do not stop the gradient of maxPool", async () => {
    const gradient = jit((x: Image) =>
      tf.grad((y: tf.Tensor) => tf.sum(tf.maxPool(y as Image, 2, 2, "same")))(x),
    );
    for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const dx = await gradient(tf.fill([1, 3, 3, 2], value) as Image);
      expect(dx.shape).toEqual([1, 3, 3, 2]);
    }
    await gradient.dispose();
  });
});
