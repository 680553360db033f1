import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { type ConvTranspose2dOptions, convTranspose2d } from "./conv-transpose2d.ts";

goldenLayer<ConvTranspose2dOptions>("conv-transpose2d.json", (params, { x }, options) =>
  convTranspose2d(params, "layer", x as tf.Tensor4D, options),
);

describe("convTranspose2d refuses", () => {
  const params = { "net.0.weight": tf.zeros([4, 4, 8, 100]) };
  const z = tf.zeros<tf.Rank.R4>([2, 1, 1, 100]);

  it("images of other channels, naming the parameter", () => {
    expect(() => convTranspose2d(params, "net.0", tf.zeros([2, 1, 1, 64]))).toThrow(
      'parameter "net.0.weight": expected [kh, kw, out, 64], found [4, 4, 8, 100]',
    );
  });

  it("an output padding of a stride or more", () => {
    expect(() => convTranspose2d(params, "net.0", z, { stride: 2, outputPadding: 2 })).toThrow(
      'outputPadding of "net.0": expected less than the stride, 2, found 2',
    );
  });

  it("padding that leaves nothing", () => {
    expect(() => convTranspose2d(params, "net.0", z, { padding: 2 })).toThrow(
      'the input of "net.0": expected one of which the padding of 2 leaves at least a pixel',
    );
  });
});
