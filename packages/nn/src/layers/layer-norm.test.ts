import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { layerNorm } from "./layer-norm.ts";

goldenLayer("layer-norm.json", (params, { x }) => layerNorm(params, "layer", x!));

it("layerNorm refuses other features, naming the parameter", () => {
  const params = { "n.weight": tf.ones([6]), "n.bias": tf.zeros([6]) };
  expect(() => layerNorm(params, "n", tf.zeros([2, 5]))).toThrow(
    'parameter "n.weight": expected [5], found [6]',
  );
});
