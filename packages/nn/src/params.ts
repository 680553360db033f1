/**
 * A tree of named parameters, flat: each tensor under PyTorch's full name, such as `net.0.weight`.
 *
 * In memory, images are NHWC and filters HWIO (of transposed convolutions HWOI, as tfjs wants them); every other tensor has
 * PyTorch's shape, matrices of linear layers `[out, in]` included. On disk everything has PyTorch's layout:
 * the checkpoint boundary moves the axes of rank-4 tensors, and of nothing else.
 */

import type * as tf from "@tensorflow/tfjs";
import { MissingParameterError } from "./errors.ts";
import type { Initializer } from "./init.ts";
import { requireShape, type ShapePattern, sizeOf } from "./shape.ts";

export type Params = Record<string, tf.Tensor>;

export interface ParamSpec {
  /** In-memory shape. */
  shape: readonly number[];
  init: Initializer;
  /** Carried along and stored, not trained: running statistics. */
  buffer?: true;
}

/** What a model's tree consists of; the order is PyTorch's `state_dict` order. */
export type ParamSpecs = Record<string, ParamSpec>;

/**
 * The parameter called `name`.
 *
 * @throws MissingParameterError, ShapeError where it does not have the shape of the pattern
 */
export function param<T extends tf.Tensor>(params: Params, name: string, pattern?: ShapePattern): T {
  const value = params[name];
  if (value === undefined) throw new MissingParameterError(name, Object.keys(params));
  if (pattern) requireShape(`parameter "${name}"`, value.shape, pattern);
  return value as T;
}

/** `specs` with every name behind `prefix.`: a layer's specs as a part of a model's. */
export function scoped(prefix: string, specs: ParamSpecs): ParamSpecs {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [`${prefix}.${name}`, spec]));
}

/** Splits a tree into what is trained and what is only carried along (running statistics), by `specs`. */
export function partition(params: Params, specs: ParamSpecs): { trained: Params; buffers: Params } {
  const pick = (wanted: boolean) =>
    Object.fromEntries(
      Object.entries(params).filter(([name]) => (specs[name]?.buffer === true) === wanted),
    ) as Params;
  return { trained: pick(false), buffers: pick(true) };
}

/** The same tree with every tensor replaced by `f` of it. */
export function mapParams(params: Params, f: (value: tf.Tensor, name: string) => tf.Tensor): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, f(value, name)]));
}

/** How many trained numbers a model has. */
export function parameterCount(specs: ParamSpecs): number {
  return Object.values(specs).reduce((sum, { shape, buffer }) => sum + (buffer ? 0 : sizeOf(shape)), 0);
}
