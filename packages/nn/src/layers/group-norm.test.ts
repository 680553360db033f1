import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { groupNorm } from "./group-norm.ts";

goldenLayer<{ groups: number }>("group-norm.json", (params, { x }, options) =>
  groupNorm(params, "layer", x!, options),
);

it("groupNorm refuses groups that do not divide the channels", () => {
  const params = { "n.weight": tf.ones([6]), "n.bias": tf.zeros([6]) };
  expect(() => groupNorm(params, "n", tf.zeros([1, 2, 2, 6]), { groups: 4 })).toThrow(
    'groups of "n": expected a divisor of the 6 channels, found 4',
  );
});
