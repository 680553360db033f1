// The engines of `pnpm bench jit`, each a function that runs one more iteration of a row and returns its milliseconds.
import { fork } from "node:child_process";
import * as tf from "@tensorflow/tfjs";
import { type JitOptions, jit } from "@touchstone/jit";
import type { EagerReply } from "./eager-worker.ts";
import { iterator, type Run } from "./iterate.ts";
import type { EagerRow, Workload } from "./rows/row.ts";

export interface Engine {
  /** Milliseconds of one iteration; the first ones also build and warm up. */
  iterate(): Promise<number>;
  close(): Promise<void>;
}

export function compiled(workload: Workload, options: JitOptions): Engine {
  const step = jit(workload.fn, options);
  return { iterate: iterator(step as Run, workload), close: () => step.dispose() };
}

const PEAK_SIDE = 2048;
export const PEAK_FLOPS = 2 * PEAK_SIDE ** 3;

/** A 2048^3 matrix product, compiled: what this machine's fp32 units can do. */
export function peak(options: JitOptions): Engine {
  const b = tf.randomUniform<tf.Rank.R2>([PEAK_SIDE, PEAK_SIDE], -1, 1, "float32", 2);
  const product = jit((a: tf.Tensor2D) => tf.matMul(a, b), options);
  const workload = {
    fn: product,
    args: [tf.randomUniform([PEAK_SIDE, PEAK_SIDE], -1, 1, "float32", 1)],
    result: (output: tf.Tensor) => output,
  };
  return { iterate: iterator(product as Run, workload), close: () => product.dispose() };
}

export type EagerBackend = "tensorflow" | "tensorflow-gpu" | "wasm";

/**
 * The best time of the row, uncompiled, on a tfjs backend. In a process of its own, which is killed when `seconds` are over:
 * a slow backend cannot be interrupted otherwise, and a broken native binding takes its process with it.
 *
 * @throws Error with the reason if no iteration finished
 */
export async function eagerMilliseconds(
  row: EagerRow,
  backend: EagerBackend,
  seconds: number,
): Promise<number> {
  const worker = fork(new URL("./eager-worker.ts", import.meta.url), [row.id, backend], { stdio: "ignore" });
  const times: number[] = [];
  let failure: string | undefined;
  const timer = setTimeout(() => worker.kill("SIGKILL"), 1000 * seconds);
  worker.on("message", (reply: EagerReply) => {
    if ("ms" in reply) times.push(reply.ms);
    else failure = reply.error;
  });
  await new Promise((resolve) => worker.once("exit", resolve));
  clearTimeout(timer);
  if (times.length > 0) return Math.min(...times);
  throw new Error(failure ?? `no iteration finished within ${seconds} s`);
}
