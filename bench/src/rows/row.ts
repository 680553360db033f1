// A row of a benchmark: what runs, on how many images, how many FLOPs an image costs.
import type * as tf from "@tensorflow/tfjs";
import type { JitOptions } from "@touchstone/jit";
import { compiled, type Engine } from "../engines.ts";

/** A function to compile, its first arguments, and how one call leads to the next. */
export interface Workload {
  // biome-ignore lint/suspicious/noExplicitAny: each row has arguments of its own; only the row looks inside.
  fn: (...args: any[]) => any;
  args: unknown[];
  /** What an iteration waits for: the prediction, or the loss. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  result(output: any): tf.Tensor;
  /** The next call's arguments, if they differ: a training step takes the state that the last one returned. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  next?(output: any): unknown[];
}

export interface Row {
  /** Also the row's name in peers/rows.py. */
  id: string;
  title: string;
  batch: number;
  /** How many iterations a batch takes: the steps of a sampler. Default 1. */
  iterations?: number;
  /** Multiply-adds x 2 for one image, by the layers' shapes. */
  flops: number;
  compile(options: JitOptions): Engine;
}

/** A row that can run uncompiled, too. */
export interface EagerRow extends Row {
  /** Speed against the better PyTorch layout that we aim for. */
  target?: number;
  workload(): Workload;
}

export function workloadRow(row: Omit<EagerRow, "compile">): EagerRow {
  return { ...row, compile: (options) => compiled(row.workload(), options) };
}

/** Images of a batch that one iteration makes. */
export function imagesPerIteration({ batch, iterations = 1 }: Row): number {
  return batch / iterations;
}

/** Weights are closed over: constants of the compiled graph. */
export function forward<A extends unknown[]>(fn: (...args: A) => tf.Tensor, ...args: A): Workload {
  return { fn: fn as Workload["fn"], args, result: (output) => output };
}

/** The state goes in and comes out; the rest stays. */
export function training<S, A extends unknown[]>(
  fn: (state: S, ...rest: A) => { state: S; loss: tf.Scalar },
  state: S,
  ...rest: A
): Workload {
  return { fn, args: [state, ...rest], result: ({ loss }) => loss, next: ({ state }) => [state, ...rest] };
}
