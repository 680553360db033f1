/** Parameters and inputs filled by the rule of `bench/peers/seeded.py`, so that PyTorch can hold the same ones without a file of them. */

import * as tf from "@tensorflow/tfjs";
import { type ParamSpecs, type Params, partition } from "@touchstone/nn";
import { uniform } from "../../nn/test/uniform.ts";
import type { Network, Optimization } from "../src/dcgan/network.ts";

/**
 * Filters uniform with variance 2 / fan (He et al. 2015), scales and variances 1 +- 0.1, offsets and means +- 0.1. Each parameter has its
 * own stream, seeded by its name.
 */
export function seededParams(specs: ParamSpecs): Params {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => {
      const u = uniform(
        name,
        shape.reduce((a, b) => a * b, 1),
      );
      const bound = Math.sqrt((6 * shape.at(-1)!) / u.length);
      const one = name.endsWith("weight") || name.endsWith("running_var") ? 1 : 0;
      const values = u.map((v) => (shape.length > 1 ? v * bound : one + 0.1 * v));
      return [name, tf.tensor(values, [...shape])];
    }),
  );
}

/** A network about to be trained with `optimizer`. */
export function seededNetwork(specs: ParamSpecs, { optimizer }: Pick<Optimization, "optimizer">): Network {
  const { trained, buffers } = partition(seededParams(specs), specs);
  return { trained, buffers, moments: optimizer.init(trained) };
}

/** Uniform in [-1, 1). */
export function seededInput<T extends tf.Tensor>(name: string, shape: number[]): T {
  return tf.tensor(
    uniform(
      name,
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
  ) as T;
}
