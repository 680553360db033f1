/** What layout propagation leaves of the transpositions around convolutions, and that the numbers stay the same. */

import * as tf from "@tensorflow/tfjs";
import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { jit } from "../src/index.ts";
import { expectAgreement } from "./agreement.ts";

type Image = tf.Tensor4D;
type Network = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => tf.Tensor | tf.Tensor[];

const CHANNELS = 8;

/** The operators of the compiled graph, in order. */
function operators(fn: Network, inputs: tf.Tensor[]): string[] {
  const compiled = jit(fn as (...xs: tf.Tensor[]) => tf.Tensor);
  const model = onnxProto.onnx.ModelProto.decode(compiled.onnx(...inputs));
  return model.graph!.node!.map((node) => node.opType!);
}

function random(shape: number[], seed: number): tf.Tensor {
  return tf.randomUniform(shape, -1, 1, "float32", seed);
}

const inputs = (): tf.Tensor[] => [
  random([2, 6, 5, CHANNELS], 1),
  random([3, 3, CHANNELS, CHANNELS], 2),
  random([CHANNELS], 3),
];

const conv = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.conv2d(x as Image, w as Image, 1, "same");

/** Networks whose images stay NCHW from the first convolution to the last: in by one transposition, out by one. */
const CHAINS: Record<string, Network> = {
  "convolution, bias, activation": (x, w, b) => conv(tf.relu(tf.add(conv(x, w), b)), w),
  "residual connection": (x, w) => {
    const y = conv(x, w);
    return conv(tf.add(y, conv(tf.relu(y), w)), w);
  },
  "normalization over batch and pixels": (x, w, b) => {
    const y = conv(x, w);
    const { mean, variance } = tf.moments(y, [0, 1, 2], true);
    const z = tf.div(tf.sub(y, mean), tf.sqrt(tf.add(variance, 1e-5)));
    return conv(tf.mul(z, b), w);
  },
  "padding by hand": (x, w) =>
    tf.conv2d(
      tf.pad(conv(x, w), [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0],
      ]) as Image,
      w as Image,
      1,
      "valid",
    ),
  "mirrored padding": (x, w) =>
    conv(
      tf.mirrorPad(
        conv(x, w),
        [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
        "reflect",
      ),
      w,
    ),
  "concatenation and slices of channels": (x, w) => {
    const y = conv(x, w);
    const joined = tf.concat([tf.slice(y, [0, 0, 0, 4]), tf.slice(y, [0, 0, 0, 0], [-1, -1, -1, 4])], 3);
    return conv(joined, w);
  },
  "cropping and flipping": (x, w) =>
    conv(tf.reverse(tf.slice(conv(x, w), [0, 1, 1, 0], [-1, 4, 3, -1]), [1, 2]), w),
  "channels in groups": (x, w) => {
    const y = conv(x, w);
    const [n, h, width] = y.shape as [number, number, number];
    const groups = tf.reshape(y, [n, h, width, 2, CHANNELS / 2]);
    const { mean } = tf.moments(groups, [1, 2, 4], true);
    return conv(tf.reshape(tf.sub(groups, mean), y.shape), w);
  },
  "clipping, casting and choosing": (x, w) => {
    const y = tf.clipByValue(conv(x, w), -1, 1);
    return conv(tf.where(tf.greater(y, 0), y, tf.mul(y, tf.cast(tf.less(y, -0.5), "float32"))), w);
  },
};

describe("images between convolutions stay where they are", () => {
  for (const [name, network] of Object.entries(CHAINS)) {
    it(name, async () => {
      const types = operators(network, inputs());
      const convolutions = types.flatMap((type, i) => (type === "Conv" ? [i] : []));
      const images = types.slice(convolutions[0]! + 1, convolutions.at(-1)!);
      // The filter, the same in every convolution, was transposed before the first.
      expect(images).not.toContain("Transpose");
      await expectAgreement(network as never, inputs(), { terms: 9 * CHANNELS });
    });
  }
});

describe("operators that need one order get it", () => {
  const fn: Record<string, Network> = {
    "matrix product of the pixels": (x, w) => {
      const y = conv(x, w);
      return tf.matMul(tf.reshape(y, [-1, CHANNELS]), tf.reshape(w, [CHANNELS, -1]));
    },
    flattening: (x, w) => tf.reshape(conv(x, w), [2, -1]),
    "softmax over the channels": (x, w) => tf.softmax(conv(x, w)),
    "transposition to any order": (x, w) => tf.transpose(conv(x, w), [3, 1, 0, 2]),
    "gathering of channels": (x, w) => tf.gather(conv(x, w), tf.tensor1d([3, 0, 0], "int32"), 3),
    "running sum along the width": (x, w) => tf.cumsum(conv(x, w), 2),
    "largest channel": (x, w) => tf.argMax(conv(x, w), 3),
    "operand of lower rank": (x, w) =>
      tf.mul(conv(x, w), tf.reshape(tf.slice(x, [0, 0, 0, 0], [1, 1, 5, 8]), [5, 8])),
    "constant of full size": (x, w) => tf.mul(conv(x, w), tf.reshape(tf.range(0, 480), [2, 6, 5, 8])),
    "reduction to a lower rank": (x, w) => [
      tf.sum(conv(x, w), 3),
      tf.max(conv(x, w), [0, 2]),
      tf.mean(conv(x, w)),
    ],
    "enlarging by repetition": (x, w) => {
      const y = conv(x, w);
      const [n, h, width, c] = y.shape as [number, number, number, number];
      const big = tf.tile(tf.reshape(y, [n, h, 1, width, 1, c]), [1, 1, 2, 1, 2, 1]);
      return conv(tf.reshape(big, [n, 2 * h, 2 * width, c]), w);
    },
    split: (x, w) => tf.split(conv(x, w), 2, 3),
  };
  for (const [name, network] of Object.entries(fn)) {
    it(name, () => expectAgreement(network as never, inputs(), { terms: 9 * CHANNELS }));
  }
});
