import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { type Conv2dOptions, conv2d, conv2dSpecs } from "./conv2d.ts";

goldenLayer<Conv2dOptions>("conv2d.json", (params, { x }, options) =>
  conv2d(params, "layer", x as tf.Tensor4D, options),
);

describe("conv2d refuses", () => {
  const params = { "net.0.weight": tf.zeros([4, 4, 3, 8]), "net.0.bias": tf.zeros([8]) };
  const images = (h: number, w: number, c: number) => tf.zeros<tf.Rank.R4>([2, h, w, c]);

  it("images of other channels, naming the parameter", () => {
    expect(() => conv2d(params, "net.0", images(8, 8, 1))).toThrow(
      'Wrong shape of parameter "net.0.weight": expected [kh, kw, 1, out], found [4, 4, 3, 8].',
    );
  });

  it("a bias of another length", () => {
    expect(() => conv2d({ ...params, "net.0.bias": tf.zeros([3]) }, "net.0", images(8, 8, 3))).toThrow(
      'parameter "net.0.bias": expected [8], found [3]',
    );
  });

  it("images smaller than the kernel", () => {
    expect(() => conv2d(params, "net.0", images(1, 8, 3), { padding: 1 })).toThrow(
      'the input of "net.0": expected at least 2 x 2 pixels, a kernel less the padding, found [2, 1, 8, 3]',
    );
  });

  it("what is no batch of images", () => {
    expect(() => conv2d(params, "net.0", tf.zeros([8, 8, 3]) as never)).toThrow(
      'the input of "net.0": expected [b, h, w, in], found [8, 8, 3]',
    );
  });

  it("a tree without the weight", () => {
    expect(() => conv2d(params, "net.3", images(8, 8, 3))).toThrow(
      'Expected a parameter "net.3.weight", found net.0.weight, net.0.bias.',
    );
  });
});

it("conv2dSpecs are in PyTorch's order and in memory layout", () => {
  expect(Object.entries(conv2dSpecs(3, 8, [1, 7])).map(([name, { shape }]) => [name, shape])).toEqual([
    ["weight", [1, 7, 3, 8]],
    ["bias", [8]],
  ]);
  expect(Object.keys(conv2dSpecs(3, 8, 4, { bias: false }))).toEqual(["weight"]);
});
