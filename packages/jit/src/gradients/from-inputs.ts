/**
 * Gradients that tfjs writes with a kernel's saved result. Differentiated again, tfjs takes such a result for a constant and
 * the second derivative is silently wrong (4 e^2x of sum(exp(x)^2) comes out half). Here they save the input and compute
 * the result anew; a compiled graph holds it once.
 */

import * as tf from "@tensorflow/tfjs";
import { gradient, kernel, sumTo } from "./gradient.ts";

const exp = gradient("Exp", ["x"], (dy, [x]) => ({ x: () => tf.mul(dy, tf.exp(x!)) }));

/** y (1 - y) */
const sigmoid = gradient("Sigmoid", ["x"], (dy, [x]) => ({
  x: () => {
    const y = tf.sigmoid(x!);
    return tf.mul(dy, tf.mul(y, tf.sub(1, y)));
  },
}));

/** 1 - y^2 */
const tanh = gradient("Tanh", ["x"], (dy, [x]) => ({
  x: () => tf.mul(dy, tf.sub(1, tf.square(tf.tanh(x!)))),
}));

const elu = gradient("Elu", ["x"], (dy, [x]) => ({ x: () => kernel("EluGrad", { dy, y: tf.elu(x!) }, {}) }));

/** y (dy - sum(dy y)) */
const softmax = gradient("Softmax", ["logits"], (dy, [logits], attrs) => ({
  logits: () => {
    const dim = attrs.dim as unknown as number;
    const y = tf.softmax(logits!, dim);
    const weighted = tf.mul(dy, y);
    return tf.sub(weighted, tf.mul(tf.sum(weighted, [dim], true), y));
  },
}));

/** By the base b a^(b - 1), by the exponent a^b log(a), which counts as 0 where the base is not positive. */
const pow = gradient("Pow", ["a", "b"], (dy, [a, b]) => ({
  a: () => sumTo(tf.mul(dy, tf.mul(b!, tf.pow(a!, tf.sub(b!, 1)))), a!.shape),
  b: () => {
    const isPositive = tf.greater(a!, 0);
    const logarithm = tf.where(
      isPositive,
      tf.log(tf.where(isPositive, a!, tf.onesLike(a!))),
      tf.zerosLike(a!),
    );
    return sumTo(tf.mul(dy, tf.mul(tf.pow(a!, b!), logarithm)), b!.shape);
  },
}));

export const inputReplacements: readonly tf.GradConfig[] = [exp, sigmoid, tanh, elu, softmax, pow];
