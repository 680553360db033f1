/** How parameters begin: distributions, and a tree drawn from a model's specs. */

import * as tf from "@tensorflow/tfjs";
import type { ParamSpecs, Params } from "./params.ts";
import type { Generator } from "./random/generator.ts";
import { sizeOf } from "./shape.ts";

/** Fills a parameter of `shape` (in memory: HWIO filters, `[out, in]` matrices) from `generator`. */
export type Initializer = (shape: readonly number[], generator: Generator) => Float32Array;

export function constant(value: number): Initializer {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}

export const zeros: Initializer = constant(0);
export const ones: Initializer = constant(1);

/** Uniform in [-bound, bound). */
export function uniform(bound: number): Initializer {
  return (shape, generator) => generator.uniform(sizeOf(shape)).map((u) => bound * (2 * u - 1));
}

export function normal(mean: number, deviation: number): Initializer {
  return (shape, generator) => generator.normal(sizeOf(shape)).map((z) => mean + deviation * z);
}

/**
 * Variance 1 / (3 fanIn): what PyTorch's convolutions and linear layers begin with, weights and biases alike. It calls this
 * kaiming_uniform_ (He et al. 2015) with a = sqrt(5): the bound is sqrt(6 / ((1 + a^2) fanIn)) = 1 / sqrt(fanIn).
 */
export function torchDefault(fanIn: number): Initializer {
  return uniform(1 / Math.sqrt(fanIn));
}

/** Variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010, equation 16). */
export function xavierUniform(fanIn: number, fanOut: number): Initializer {
  return uniform(Math.sqrt(6 / (fanIn + fanOut)));
}

/** A tree drawn by `specs`. Each parameter has its own stream, split off by its name: the order of the specs does not matter. */
export function initialize(specs: ParamSpecs, generator: Generator): Params {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, init }]) => [
      name,
      tf.tensor(init(shape, generator.split(name)), [...shape], "float32"),
    ]),
  );
}
