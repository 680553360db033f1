// What a figure was measured on.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import * as tf from "@tensorflow/tfjs";

export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  /** Of the last minute: well above the cores' own share, other work disturbed the run. */
  loadAverage: number;
  node: string;
  tfjs: string;
  onnxruntime: string;
  torch: string | undefined;
}

export function machine(torch: string | undefined): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadAverage: loadavg()[0] ?? Number.NaN,
    node: process.versions.node,
    tfjs: tf.version_core,
    onnxruntime: onnxruntimeVersion(),
    torch,
  };
}

/** onnxruntime-node is the jit package's dependency, not ours. */
function onnxruntimeVersion(): string {
  const fromJit = createRequire(import.meta.resolve("@touchstone/jit"));
  return JSON.parse(readFileSync(fromJit.resolve("onnxruntime-node/package.json"), "utf8")).version;
}

export function describeMachine(m: Machine): string {
  const torch = m.torch ? `, PyTorch ${m.torch}` : "";
  return [
    `${m.cpu}, ${m.cores} cores, ${m.memoryGiB} GiB; load average ${m.loadAverage.toFixed(2)}`,
    `Node ${m.node}, TensorFlow.js ${m.tfjs}, onnxruntime-node ${m.onnxruntime}${torch}`,
  ].join("\n");
}
