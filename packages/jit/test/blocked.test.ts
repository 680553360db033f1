/** Convolutions of training steps on blocked channels, against tfjs's `cpu` backend. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, it } from "vitest";
import { normalize } from "../src/index.ts";
import { expectAgreement, expectGradientAgreement } from "./agreement.ts";
import { floats } from "./arbitrary.ts";

interface Case {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  stride: number;
  pad: "same" | "valid" | number;
}

const CASES: Record<string, Case> = {
  "3x3, whole blocks": { x: [8, 5, 6, 16], filter: [3, 3, 16, 32], stride: 1, pad: "same" },
  "3x3, less than a block in": { x: [9, 5, 4, 3], filter: [3, 3, 3, 16], stride: 1, pad: "same" },
  "3x3, less than a block out": { x: [8, 4, 4, 16], filter: [3, 3, 16, 5], stride: 1, pad: "same" },
  "3x3, less than a block both": { x: [8, 4, 4, 2], filter: [3, 3, 2, 5], stride: 1, pad: "valid" },
  "4x4 stride 2 padding 1": { x: [8, 8, 8, 16], filter: [4, 4, 16, 16], stride: 2, pad: 1 },
  "4x4 stride 2, three channels": { x: [10, 8, 8, 3], filter: [4, 4, 3, 16], stride: 2, pad: 1 },
  "5x3 stride 2 same": { x: [8, 6, 8, 16], filter: [5, 3, 16, 16], stride: 2, pad: "same" },
  "stride 3 with a rest": { x: [8, 7, 7, 16], filter: [3, 3, 16, 16], stride: 3, pad: "valid" },
  "1x1": { x: [8, 3, 3, 16], filter: [1, 1, 16, 32], stride: 1, pad: "same" },
  "1x1 stride 2": { x: [8, 4, 4, 16], filter: [1, 1, 16, 16], stride: 2, pad: "valid" },
  "the whole plane": { x: [8, 4, 4, 16], filter: [4, 4, 16, 1], stride: 1, pad: "valid" },
  "a batch smaller than a block": { x: [2, 4, 4, 16], filter: [3, 3, 16, 16], stride: 1, pad: "same" },
};

describe("convolution and its gradients", () => {
  for (const [name, { x, filter, stride, pad }] of Object.entries(CASES)) {
    const terms = x[0] * x[1] * x[2] + filter[0] * filter[1] * (filter[2] + filter[3]);
    it(name, () =>
      fc.assert(
        fc.asyncProperty(floats(x), floats(filter), (a, w) =>
          expectGradientAgreement((a: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(a, w, stride, pad), [a, w], {
            terms,
          }),
        ),
        { numRuns: 3 },
      ),
    );
  }
});

describe("chains of blocked values", () => {
  const inputs = fc.tuple(
    floats([8, 6, 6, 16]),
    floats([3, 3, 16, 16]),
    floats([3, 3, 32, 16]),
    floats([16]),
  );
  type Chain = (x: tf.Tensor4D, v: tf.Tensor4D, w: tf.Tensor4D, b: tf.Tensor1D) => tf.Tensor;
  const conv = (x: tf.Tensor4D, w: tf.Tensor4D): tf.Tensor4D => tf.conv2d(x, w, 1, "same");
  const chains: Record<string, Chain> = {
    "bias, activation, residual": (x, v, _, b) => tf.add(tf.leakyRelu(tf.add(conv(x, v), b), 0.2), x),
    "a difference of an image and a vector, activation": (x, v, _, b) => tf.relu(tf.sub(conv(x, v), b)),
    "a difference of a vector and an image": (x, v, _, b) => tf.relu(tf.sub(b, conv(x, v))),
    "scale, offset, activation": (x, v, _, b) => tf.leakyRelu(tf.add(tf.mul(conv(x, v), b), b), 0.3),
    "scale, read twice": (x, v, _, b) => {
      const y = tf.mul(b, conv(x, v));
      return tf.add(tf.relu(y), tf.sub(y, tf.reshape(b, [1, 1, 1, 16])));
    },
    "an offset between convolutions": (x, v, _, b) => conv(tf.relu(tf.add(conv(x, v), b)), v),
    "group normalisation": (x, v, _, b) => {
      const y = conv(x, v);
      const centred = tf.sub(y, tf.mean(y, [1, 2, 3], true));
      return conv(tf.mul(tf.div(centred, tf.sqrt(tf.mean(tf.square(centred), [1, 2, 3], true))), b), v);
    },
    "batch statistics": (x, v, _, b) => {
      const y = conv(x, v);
      const centred = tf.sub(y, tf.mean(y, [0, 1, 2]));
      return tf.mul(tf.div(centred, tf.sqrt(tf.mean(tf.square(centred), [0, 1, 2]))), b);
    },
    "batch normalisation": (x, v, _, b) => conv(tf.relu(normalize(conv(x, v), b, b, [0, 1, 2], 1e-3)), v),
    "concatenation, pooling": (x, v, w) => tf.maxPool(conv(tf.concat([conv(x, v), x], 3), w), 2, 2, "valid"),
    "slices, padding": (x, v) => {
      const y = conv(x, v);
      return tf.pad(
        tf.add(tf.slice(y, [0, 1, 0, 0], [8, 4, 6, 16]), tf.slice(y, [0, 2, 0, 0], [8, 4, 6, 16])),
        [
          [0, 0],
          [1, 0],
          [2, 1],
          [0, 3],
        ],
      );
    },
    "rows of channels": (x, v) => {
      const rows = tf.reshape(conv(x, v), [8, 36, 16]) as tf.Tensor3D;
      return tf.matMul(tf.softmax(tf.matMul(rows, rows, false, true)), rows);
    },
    upsampling: (x, v) => conv(tf.image.resizeBilinear(conv(x, v), [9, 9], true), v),
  };
  // Every input has a gradient, though a chain may not use it.
  const used = (xs: tf.Tensor[]): tf.Tensor => tf.addN(xs.map((x) => tf.mul(tf.sum(x), 0.1)));
  for (const [name, chain] of Object.entries(chains)) {
    const fn: Chain = (x, v, w, b) => tf.add(chain(x, v, w, b), used([x, v, w, b]));
    it(name, () =>
      fc.assert(
        fc.asyncProperty(inputs, (xs) => expectGradientAgreement(fn, xs, { terms: 5000 })),
        { numRuns: 2 },
      ),
    );
  }
});

describe("what is not a number", () => {
  const image = tf.tensor4d([NaN, ...Array<number>(8 * 4 * 4 * 16 - 1).fill(-1)], [8, 4, 4, 16]);
  const filter = tf.fill<tf.Rank.R4>([3, 3, 16, 16], 0.01);
  const vector = tf.fill<tf.Rank.R1>([16], 0.5);
  const activations = { relu: tf.relu, leakyRelu: (x: tf.Tensor) => tf.leakyRelu(x, 0.2) };
  it.each(Object.entries(activations))("goes through a convolution and %s written in one", (_, activation) =>
    expectAgreement(
      (x: tf.Tensor4D, w: tf.Tensor4D, b: tf.Tensor1D) => {
        const y = tf.conv2d(x, w, 1, "same");
        return [activation(tf.add(y, b)), activation(tf.add(tf.mul(y, b), b))];
      },
      [image, filter, vector],
    ),
  );
});
