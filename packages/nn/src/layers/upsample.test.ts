import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { goldenLayer } from "../../test/golden.ts";
import { upsample2x } from "./upsample.ts";

goldenLayer("upsample.json", (_, { x }) => upsample2x(x as tf.Tensor4D));

it("can be differentiated twice: sum(y^2) has a linear slope, whose derivative along v is the slope at v", () => {
  const x = tf.tensor4d([3, 1, 4, 1, 5, 9], [1, 3, 2, 1]);
  const v = tf.tensor4d([2, 7, 1, 8, 2, 8], [1, 3, 2, 1]);
  const slope = (x: tf.Tensor) => tf.grad((x) => tf.sum(tf.square(upsample2x(x as tf.Tensor4D))))(x);
  const along = tf.grad((x) => tf.sum(tf.mul(slope(x), v)))(x);
  const expected = Array.from(slope(v).dataSync(), (value) => expect.closeTo(value, 3));
  expect(Array.from(along.dataSync())).toEqual(expected);
});
