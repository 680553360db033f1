/**
 * What the kernel tests run on: compiled for the CPU, unless `TOUCHSTONE_TEST_ENGINE` names another engine. `pnpm test`
 * runs them on `eager-wasm` too; `pnpm test:engines` on all that are present.
 */

import { type EagerBackend, eager, type JitOptions, jit } from "../src/index.ts";

interface Engine {
  /** The device that functions are compiled for, or the backend that they run on eagerly. */
  device?: NonNullable<JitOptions["device"]>;
  backend?: EagerBackend;
  /** Of an element, relative to the largest magnitude of the result; float32 has 6e-8. */
  tolerance: number;
}

/** WebGPU's shading language lets a driver contract products and sums, reassociate, and approximate exp, log and tanh. */
const WGSL = 1e-4;
const FLOAT32 = 1e-5;

export const ENGINES = {
  "compiled-cpu": { device: "cpu", tolerance: FLOAT32 },
  "compiled-webgpu": { device: "webgpu", tolerance: WGSL },
  "compiled-cuda": { device: "cuda", tolerance: FLOAT32 },
  "eager-wasm": { backend: "wasm", tolerance: FLOAT32 },
  "eager-webgpu": { backend: "webgpu", tolerance: WGSL },
  "eager-tensorflow": { backend: "tensorflow", tolerance: FLOAT32 },
  "eager-tensorflow-gpu": { backend: "tensorflow-gpu", tolerance: FLOAT32 },
} satisfies Record<string, Engine>;

export type EngineName = keyof typeof ENGINES;

export const engineName = (process.env.TOUCHSTONE_TEST_ENGINE ?? "compiled-cpu") as EngineName;
const engine: Engine | undefined = ENGINES[engineName];
if (!engine) {
  const known = Object.keys(ENGINES).join(", ");
  throw new Error(`TOUCHSTONE_TEST_ENGINE: expected one of ${known}, found "${engineName}"`);
}

export const TOLERANCE = engine.tolerance;

/** For the tests of `jit` itself. */
export const device = engine.device ?? "cpu";

export interface Runner<A extends unknown[], R> {
  (...args: A): Promise<R>;
  dispose(): Promise<void>;
}

/** The function on the engine under test. */
export function onEngine<A extends unknown[], R>(fn: (...args: A) => R): Runner<A, R> {
  const { backend } = engine!;
  return (backend ? eager(fn, { backend }) : jit(fn, { device })) as unknown as Runner<A, R>;
}
