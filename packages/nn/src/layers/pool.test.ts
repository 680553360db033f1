import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { avgPool2d, maxPool2d, type PoolOptions } from "./pool.ts";

goldenLayer<{ kind: "max" | "average"; kernel: number } & PoolOptions>(
  "pool.json",
  (_, { x }, { kind, kernel, ...options }) =>
    (kind === "max" ? maxPool2d : avgPool2d)(x as tf.Tensor4D, kernel, options),
);

it("strides by the kernel unless told otherwise", () => {
  expect(maxPool2d(tf.zeros([1, 6, 6, 2]), 3).shape).toEqual([1, 2, 2, 2]);
});

describe("a pool refuses", () => {
  it("padding of more than half a kernel", () => {
    expect(() => maxPool2d(tf.zeros([1, 6, 6, 2]), 3, { padding: 2 })).toThrow(
      "padding of a pool: expected at most half of the kernel, 3, found 2",
    );
  });

  it("images smaller than the kernel", () => {
    expect(() => avgPool2d(tf.zeros([1, 6, 1, 2]), 2)).toThrow(
      "expected [b, h, w, c] with room for a kernel of 2, found [1, 6, 1, 2]",
    );
  });
});
