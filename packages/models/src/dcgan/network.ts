/** A network in training: its parameters, its running statistics and its optimizer's memory, as a tree of tensors. */

import * as tf from "@tensorflow/tfjs";
import {
  type AdamState,
  type Generator,
  initialize,
  mapParams,
  type Optimizer,
  type ParamSpecs,
  type Params,
  partition,
  valueAndGradients,
} from "@touchstone/nn";

/** A type of its own, as an interface is no tree of tensors to the compiler. */
type Moments = Pick<AdamState, keyof AdamState>;

export type Network = { trained: Params; buffers: Params; moments: Moments };

export interface Optimization {
  optimizer: Optimizer<AdamState>;
  learningRate: number;
}

export function newNetwork(specs: ParamSpecs, generator: Generator, { optimizer }: Optimization): Network {
  const { trained, buffers } = partition(initialize(specs, generator), specs);
  return { trained, buffers, moments: optimizer.init(trained) };
}

/** All that is in the network's checkpoint. */
export function paramsOf({ trained, buffers }: Network): Params {
  return { ...trained, ...buffers };
}

/** The same numbers, to be disposed by themselves. */
export function copyOf(params: Params): Params {
  return mapParams(params, (value) => tf.clone(value));
}

/** The network with new running statistics in the place of those that `buffers` names. */
export function withBuffers(network: Network, buffers: Params): Network {
  return { ...network, buffers: { ...network.buffers, ...buffers } };
}

/** One step of the optimizer on the loss of the network's parameters, and whatever else `f` computed. */
export function descend<R extends { loss: tf.Scalar }>(
  network: Network,
  { optimizer, learningRate }: Optimization,
  f: (params: Params) => R,
): { network: Network; result: R } {
  const { gradients, ...result } = valueAndGradients(
    (trained) => f({ ...trained, ...network.buffers }),
    network.trained,
  );
  const rate = tf.scalar(learningRate);
  const { params, state } = optimizer.update(network.trained, gradients, network.moments, rate);
  return { network: { ...network, trained: params, moments: state }, result: result as unknown as R };
}
