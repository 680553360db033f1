/** Gradients of elementwise operations of two tensors. */

import * as tf from "@tensorflow/tfjs";
import { gradient, kernel, none, sumTo } from "./gradient.ts";

/** EluGrad(dy, y) = dy where y >= 0, dy (y + 1) elsewhere. */
const eluGrad = gradient("EluGrad", ["dy", "y"], (ddx, [dy, y]) => ({
  dy: () => kernel("EluGrad", { dy: ddx, y: y! }),
  y: () => tf.mul(tf.mul(ddx, dy!), tf.cast(tf.less(y!, 0), "float32")),
}));

/**
 * Comparisons are constant almost everywhere. Without these, whatever chooses by comparing (leakyRelu, prelu, clipByValue,
 * maximum, ...) cannot be differentiated twice.
 */
const comparisons = ["Equal", "Greater", "Less", "LessEqual", "LogicalAnd", "LogicalOr", "NotEqual"].map(
  (name) => gradient(name, ["a", "b"], (_, [a, b]) => ({ a: none(a!), b: none(b!) })),
);

const logicalNot = gradient("LogicalNot", ["x"], (_, [x]) => ({ x: none(x!) }));

export const elementwiseGradients: readonly tf.GradConfig[] = [...comparisons, eluGrad, logicalNot];

/**
 * A product with the slope, where tfjs's leaky ReLU chooses between two products. The slope is told by the result, whose sign is the
 * operand's: nothing else then reads the operand, and a compiled graph writes the activation with what computes it.
 */
const relu = gradient("Relu", ["x"], (dy, [x]) => ({ x: () => tf.mul(dy, tf.step(tf.relu(x!))) }));

const leakyRelu = gradient("LeakyRelu", ["x"], (dy, [x], { alpha }) => ({
  // A negative alpha turns the sign round.
  x: () => tf.mul(dy, tf.step(alpha < 0 ? x! : tf.leakyRelu(x!, alpha), alpha)),
}));

type Pair = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** tfjs's gradients of these three do not sum over broadcast axes: it throws as soon as the shapes differ. */
function broadcasting(kernelName: string, dA: Pair, dB: Pair): tf.GradConfig {
  return gradient(kernelName, ["a", "b"], (dy, [a, b]) => ({
    a: () => sumTo(dA(dy, a!, b!), a!.shape),
    b: () => sumTo(dB(dy, a!, b!), b!.shape),
  }));
}

function where(condition: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return tf.mul(dy, tf.cast(condition, "float32"));
}

export const elementwiseReplacements: readonly tf.GradConfig[] = [
  relu,
  leakyRelu,
  // Of equal elements tfjs passes the gradient to a.
  broadcasting(
    "Maximum",
    (dy, a, b) => where(tf.greaterEqual(a, b), dy),
    (dy, a, b) => where(tf.less(a, b), dy),
  ),
  broadcasting(
    "Minimum",
    (dy, a, b) => where(tf.lessEqual(a, b), dy),
    (dy, a, b) => where(tf.greater(a, b), dy),
  ),
  broadcasting(
    "SquaredDifference",
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  ),
];
