/** The gradient of a loss by a tree of parameters, with whatever else the loss computed on its way. */

import * as tf from "@tensorflow/tfjs";
import { ShapeError, UnusedParameterError } from "./errors.ts";
import type { Params } from "./params.ts";

/**
 * `f(params)`, a tree with a scalar `loss` and anything beside it (batch statistics, accuracies, ...), together with the gradient of
 * that loss by every parameter. Only the result is left of the tensors made; the caller disposes it. Compiled or eager, and itself
 * differentiable.
 *
 * @throws UnusedParameterError where the loss does not depend on a parameter, ShapeError where it is not a scalar
 */
export function valueAndGradients<R extends { loss: tf.Tensor }>(
  f: (params: Params) => R,
  params: Params,
): R & { gradients: Params } {
  const names = Object.keys(params);
  // tfjs frees what f makes at the end of the forward pass, all but the loss: copies that it may not free outlast that.
  const kept: tf.Tensor[] = [];
  const keep = (tensor: tf.Tensor): tf.Tensor => {
    const copy = tf.keep(tf.clone(tensor));
    kept.push(copy);
    return copy;
  };
  try {
    return tf.tidy(() => {
      let result!: R;
      const forward = () => {
        result = mapTensors(f(params), keep);
        if (result.loss.rank !== 0) throw new ShapeError("the loss", "a scalar, []", result.loss.shape);
        return result.loss;
      };
      const { grads } = tf.engine().gradients(forward, Object.values(params), undefined, true);
      const unused = names.filter((_, i) => !grads[i]);
      if (unused.length > 0) throw new UnusedParameterError(unused);
      const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]]));
      return { ...mapTensors(result, tf.clone), gradients } as unknown as tf.TensorContainer;
    }) as unknown as R & { gradients: Params };
  } finally {
    tf.dispose(kept);
  }
}

/** The same tree of plain objects and arrays with every tensor replaced by `f` of it. */
function mapTensors<T>(tree: T, f: (tensor: tf.Tensor) => tf.Tensor): T {
  if (tree instanceof tf.Tensor) return f(tree) as T;
  if (Array.isArray(tree)) return tree.map((item) => mapTensors(item, f)) as T;
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, mapTensors(value, f)])) as T;
}
