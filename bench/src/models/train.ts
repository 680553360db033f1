// A training step's common parts: gradients of a loss by a tree of parameters, and Adam as a pure function.
import * as tf from "@tensorflow/tfjs";
import { type Params, param } from "./params.ts";

export interface AdamState {
  /** Steps taken, a scalar. */
  step: tf.Tensor;
  m: Params;
  v: Params;
}

export interface AdamOptions {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled (Loshchilov and Hutter 2019); 0 is plain Adam. */
  weightDecay: number;
}

export function emptyAdam(params: Params): AdamState {
  const zeros = () => mapParams(params, (p) => tf.zerosLike(p));
  return { step: tf.scalar(0), m: zeros(), v: zeros() };
}

/** Adam (Kingma and Ba 2015) with torch.optim's bias correction and order of operations. */
export function adam(params: Params, gradients: Params, state: AdamState, options: AdamOptions) {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = options;
  const step = tf.add(state.step, 1);
  const rate = tf.div(learningRate, tf.sub(1, tf.pow(beta1, step))); // lr / (1 - beta1^t)
  const correction = tf.sqrt(tf.sub(1, tf.pow(beta2, step))); // sqrt(1 - beta2^t)
  const m = mapParams(gradients, (g, name) =>
    tf.add(tf.mul(param(state.m, name), beta1), tf.mul(g, 1 - beta1)),
  );
  const v = mapParams(gradients, (g, name) =>
    tf.add(tf.mul(param(state.v, name), beta2), tf.mul(tf.square(g), 1 - beta2)),
  );
  const updated = mapParams(params, (p, name) => {
    const denominator = tf.add(tf.div(tf.sqrt(param(v, name)), correction), epsilon);
    const decayed = weightDecay === 0 ? p : tf.mul(p, 1 - learningRate * weightDecay);
    return tf.sub(decayed, tf.div(tf.mul(param(m, name), rate), denominator));
  });
  return { params: updated, adam: { step, m, v } };
}

/** The loss and its gradient by every parameter. */
export function valueAndGradients(loss: (params: Params) => tf.Scalar, params: Params) {
  const names = Object.keys(params);
  const tree = (values: tf.Tensor[]) =>
    Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor]));
  const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => loss(tree(values)))(
    Object.values(params),
  );
  return { loss: value as tf.Scalar, gradients: tree(grads) };
}

export function mapParams(params: Params, f: (value: tf.Tensor, name: string) => tf.Tensor): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, f(value, name)]));
}
