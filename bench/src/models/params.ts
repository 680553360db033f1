// Parameter trees of Inception: what a parameter is, a seeded fill, and FLOPs from the same list.
// bench/peers/seeded.py fills the PyTorch mirrors by the same rule.
import * as tf from "@tensorflow/tfjs";
import { uniform } from "../../../packages/nn/test/uniform.ts";

/** PyTorch's parameter names; layouts are TensorFlow.js's (HWIO filters, [in, out] matrices). */
export type Params = Record<string, tf.Tensor>;

export interface ParamSpec {
  name: string;
  shape: number[];
  /** How many times an item multiplies each weight: output pixels of a convolution, tokens of a linear map, 0 for the rest. */
  uses: number;
}

/** Multiply-adds x 2 of one item through every weight. */
export function weightFlops(specs: ParamSpec[]): number {
  return specs.reduce((sum, { shape, uses }) => sum + 2 * uses * size(shape), 0);
}

export function parameterCount(specs: ParamSpec[]): number {
  return specs.reduce((sum, { name, shape }) => sum + (isBuffer(name) ? 0 : size(shape)), 0);
}

/** Running statistics: carried along, not trained. */
export function isBuffer(name: string): boolean {
  return name.endsWith("running_mean") || name.endsWith("running_var");
}

/**
 * Weights uniform with variance 2 / fan (He et al. 2015), scales and variances 1 +- 0.1, offsets and means +- 0.1.
 * Each parameter draws from its own stream, seeded by its name: the order of the list does not matter.
 */
export function seededParams(specs: ParamSpec[]): Params {
  return Object.fromEntries(specs.map(({ name, shape }) => [name, seeded(name, shape)]));
}

function seeded(name: string, shape: number[]): tf.Tensor {
  const u = uniform(name, size(shape));
  if (shape.length > 1) {
    const bound = Math.sqrt((6 * (shape.at(-1) ?? 1)) / u.length);
    return tf.tensor(
      u.map((v) => v * bound),
      shape,
    );
  }
  const one = name.endsWith("weight") || name.endsWith("running_var") ? 1 : 0;
  return tf.tensor(
    u.map((v) => one + 0.1 * v),
    shape,
  );
}

/** Seeded inputs for benchmarks and parity tests: uniform in [-1, 1). */
export function seededInput(name: string, shape: number[]): tf.Tensor {
  return tf.tensor(uniform(name, size(shape)), shape);
}

function size(shape: number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** The parameter called `name`, or a message that says which one is missing. */
export function param<T extends tf.Tensor>(params: Params, name: string): T {
  const value = params[name];
  if (!value) throw new Error(`expected a parameter "${name}", found ${Object.keys(params).length} others`);
  return value as T;
}
