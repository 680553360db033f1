// Runs a workload call after call: each one timed to its result, the tensors it leaves behind freed.
import * as tf from "@tensorflow/tfjs";
import type { Workload } from "./rows/row.ts";

export type Run = (...args: unknown[]) => Promise<unknown>;

/** A function that runs the next iteration and returns its milliseconds. */
export function iterator(run: Run, { args: first, result, next }: Workload): () => Promise<number> {
  let args = first;
  return async () => {
    const start = performance.now();
    const output = await run(...args);
    await result(output).data();
    const milliseconds = performance.now() - start;
    const spent = args;
    args = next?.(output) ?? args;
    freeAllBut(args, [spent, output]);
    return milliseconds;
  };
}

function freeAllBut(kept: unknown, candidates: unknown[]): void {
  const alive = new Set(tensors(kept));
  for (const tensor of tensors(candidates)) {
    if (!alive.has(tensor) && !tensor.isDisposed) tensor.dispose();
  }
}

function tensors(tree: unknown): tf.Tensor[] {
  if (tree instanceof tf.Tensor) return [tree];
  return tree !== null && typeof tree === "object" ? Object.values(tree).flatMap(tensors) : [];
}
