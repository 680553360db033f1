// What the rows run on: seeded images, noise and networks about to be trained.
import * as tf from "@tensorflow/tfjs";
import {
  type AdamState,
  generatorFromSeed,
  initialize,
  type Optimizer,
  type ParamSpecs,
  type Params,
  partition,
} from "@touchstone/nn";

const generator = generatorFromSeed(0);

export const weights = (specs: ParamSpecs): Params => initialize(specs, generator);

export function network(specs: ParamSpecs, optimizer: Optimizer<AdamState>) {
  const { trained, buffers } = partition(weights(specs), specs);
  return { trained, buffers, moments: optimizer.init(trained) };
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** In [0, 1). */
export function uniform<R extends tf.Rank>(...shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.tensor(generator.split("uniform").uniform(sizeOf(shape)), shape);
}

/** Standard normal. */
export function normal<R extends tf.Rank>(...shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.tensor(generator.split("normal").normal(sizeOf(shape)), shape);
}

/** In [-1, 1), [batch, side, side, 3]. */
export function images(batch: number, side: number): tf.Tensor4D {
  return tf.sub(tf.mul(uniform<tf.Rank.R4>(batch, side, side, 3), 2), 1);
}

/** 0 1 ... 9 0 1 ..., int32 [batch]. */
export function digits(batch: number): tf.Tensor1D {
  return tf.tensor1d(
    Int32Array.from({ length: batch }, (_, i) => i % 10),
    "int32",
  );
}
