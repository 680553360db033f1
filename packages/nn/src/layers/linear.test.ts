import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { linear } from "./linear.ts";

goldenLayer("linear.json", (params, { x }) => linear(params, "layer", x!));

it("linear maps a single vector", () => {
  const y = linear(
    { "l.weight": tf.tensor2d([[1, 2]]), "l.bias": tf.tensor1d([10]) },
    "l",
    tf.tensor1d([3, 4]),
  );
  expect([y.shape, Array.from(y.dataSync())]).toEqual([[1], [21]]);
});

it("linear refuses other features, naming the parameter", () => {
  expect(() => linear({ "fc.weight": tf.zeros([4, 7]) }, "fc", tf.zeros([2, 5]))).toThrow(
    'parameter "fc.weight": expected [out, 5], found [4, 7]',
  );
});
