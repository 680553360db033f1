import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { ones, zeros } from "../init.ts";
import { type BatchNormOptions, batchNorm, batchNormSpecs } from "./batch-norm.ts";

goldenLayer<BatchNormOptions>("batch-norm.json", (params, { x }, options) =>
  batchNorm(params, "layer", x!, options),
);

const params = Object.fromEntries(
  Object.keys(batchNormSpecs(3)).map((name) => [`norm.${name}`, tf.ones([3])]),
);

it("evaluation returns no statistics", () => {
  expect(batchNorm(params, "norm", tf.zeros([2, 3])).buffers).toEqual({});
});

it("batchNormSpecs: what is trained and what is carried along", () => {
  const specs = Object.entries(batchNormSpecs(3));
  expect(specs.map(([name, { init, buffer }]) => [name, init, buffer])).toEqual([
    ["weight", ones, undefined],
    ["bias", zeros, undefined],
    ["running_mean", zeros, true],
    ["running_var", ones, true],
  ]);
});

describe("batchNorm refuses", () => {
  it("other channels, naming the parameter", () => {
    expect(() => batchNorm(params, "norm", tf.zeros([2, 4, 4, 5]))).toThrow(
      'parameter "norm.weight": expected [5], found [3]',
    );
  });

  it("one value a channel in training, which has no variance", () => {
    expect(() => batchNorm(params, "norm", tf.zeros([1, 1, 1, 3]), { training: true })).toThrow(
      'the input of "norm": expected more than one value a channel, found [1, 1, 1, 3]',
    );
  });
});
