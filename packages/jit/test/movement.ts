/** Examples for kernels that move elements: an operation drawn together with its inputs. */

import type * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expectGradientAgreement } from "./agreement.ts";
import { bools, floats, ints, runs } from "./arbitrary.ts";

type Op = (...xs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
export interface Example {
  inputs: tf.Tensor[];
  op: Op;
}

/** Checks results and gradients of operations drawn together with their inputs. */
export function property(examples: fc.Arbitrary<Example>) {
  return fc.assert(
    fc.asyncProperty(examples, ({ op, inputs }) =>
      expectGradientAgreement(op as never, inputs, { terms: 16 }),
    ),
    runs,
  );
}

/** One tensor of any dtype and attributes that depend on its shape. */
export function on<A>(
  dims: fc.Arbitrary<number[]>,
  attributes: (dims: number[]) => fc.Arbitrary<A>,
  op: (x: tf.Tensor, attrs: A, dims: number[]) => tf.Tensor | tf.Tensor[],
): fc.Arbitrary<Example> {
  return dims.chain((d) =>
    fc
      .tuple(floats(d), ints(d), bools(d), attributes(d))
      // All three dtypes in one graph, which is one compilation instead of three.
      .map(([f, i, b, attrs]) => ({ inputs: [f, i, b], op: (...xs) => xs.flatMap((x) => op(x, attrs, d)) })),
  );
}

export const anyAxis = (dims: number[]) => fc.integer({ min: -dims.length, max: dims.length - 1 });
export const each = <T>(dims: number[], make: (dim: number, axis: number) => fc.Arbitrary<T>) =>
  fc.tuple(...dims.map(make)) as fc.Arbitrary<T[]>;
export const permutation = (n: number) =>
  fc.shuffledSubarray(
    Array.from({ length: n }, (_, i) => i),
    { minLength: n, maxLength: n },
  );
