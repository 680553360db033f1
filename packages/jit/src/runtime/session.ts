/** ONNX Runtime sessions: the only file that knows the runtime's own types. */

import { createRequire } from "node:module";
import type * as Ort from "onnxruntime-node";
import { RuntimeFailure } from "../errors.ts";
import type { DType } from "../graph/types.ts";
import type { Elements } from "./buffers.ts";

export type Device = "cpu" | "webgpu" | "cuda";

export interface SessionOptions {
  device: Device;
  /** Threads of one run; default: one for each core. */
  threads?: number | undefined;
}

export interface Slot {
  elements: Elements;
  dtype: DType;
  shape: readonly number[];
}

export interface Session {
  /** Reads `feeds` and writes every output in place. */
  run(feeds: Record<string, Slot>, outputs: Record<string, Slot>): Promise<void>;
  release(): Promise<void>;
}

/** Loaded at first use: the library takes memory and time that a program which only traces does not need. */
let ort: typeof Ort | undefined;
function runtime(): typeof Ort {
  ort ??= createRequire(import.meta.url)("onnxruntime-node") as typeof Ort;
  return ort;
}

export async function createSession(
  model: Uint8Array,
  { device, threads }: SessionOptions,
): Promise<Session> {
  const { InferenceSession, Tensor } = runtime();
  const session = await InferenceSession.create(model, {
    executionProviders: device === "cpu" ? ["cpu"] : [device, "cpu"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  }).catch((cause) => {
    throw new RuntimeFailure("compile", device, cause);
  });

  const wrap = ({ elements, dtype, shape }: Slot): Ort.Tensor =>
    new Tensor(dtype as "float32", elements as Float32Array, shape);
  const wrapAll = (slots: Record<string, Slot>): Record<string, Ort.Tensor> =>
    Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, wrap(slot)]));

  return {
    async run(feeds, outputs) {
      try {
        await session.run(wrapAll(feeds), wrapAll(outputs));
      } catch (cause) {
        throw new RuntimeFailure("run", device, cause);
      }
    },
    release: () => session.release(),
  };
}
