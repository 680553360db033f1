import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { multiHeadAttention, multiHeadAttentionSpecs } from "./multi-head-attention.ts";

goldenLayer<{ heads: number }>("multi-head-attention.json", (params, inputs, { heads }) => {
  const { query, key, value } = inputs as Record<string, tf.Tensor3D>;
  return multiHeadAttention(params, "layer", query!, {
    heads,
    ...(key ? { key } : {}),
    ...(value ? { value } : {}),
  });
});

describe("multiHeadAttention refuses", () => {
  const params = Object.fromEntries(
    Object.entries(multiHeadAttentionSpecs(8)).map(([name, { shape }]) => [
      `mha.${name}`,
      tf.zeros([...shape]),
    ]),
  );
  const tokens = (b: number, t: number, c: number) => tf.zeros<tf.Rank.R3>([b, t, c]);

  it("heads that do not divide the channels", () => {
    expect(() => multiHeadAttention(params, "mha", tokens(1, 2, 8), { heads: 3 })).toThrow(
      'heads of "mha": expected a divisor of the 8 channels, found 3',
    );
  });

  it("other channels, naming the parameter", () => {
    expect(() => multiHeadAttention(params, "mha", tokens(1, 2, 4), { heads: 2 })).toThrow(
      'parameter "mha.in_proj_weight": expected [12, 4], found [24, 8]',
    );
  });

  it("a key of another batch", () => {
    const key = tokens(3, 5, 8);
    expect(() => multiHeadAttention(params, "mha", tokens(1, 2, 8), { heads: 2, key })).toThrow(
      'the key of "mha": expected [1, s, 8], found [3, 5, 8]',
    );
  });
});
