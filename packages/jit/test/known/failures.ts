/** Tests of the kernels that fail on an engine for reasons outside this package. */

import { type EngineName, engineName } from "../engine.ts";
import { compiledWebgpu } from "./compiled-webgpu.ts";
import { eagerTensorflow } from "./eager-tensorflow.ts";
import { eagerWasm } from "./eager-wasm.ts";
import { eagerWebgpu } from "./eager-webgpu.ts";

export interface KnownFailure {
  /** `test/<suite>.test.ts` */
  suite: string;
  /** Matches the names of the test's groups and its own, joined by " > ". */
  test: RegExp;
  /** What was seen, and why. */
  symptom: string;
}

const KNOWN: Partial<Record<EngineName, readonly KnownFailure[]>> = {
  "compiled-webgpu": compiledWebgpu,
  "eager-wasm": eagerWasm,
  "eager-webgpu": eagerWebgpu,
  "eager-tensorflow": eagerTensorflow,
  "eager-tensorflow-gpu": eagerTensorflow,
};

export function knownFailure(file: string, name: string): KnownFailure | undefined {
  return KNOWN[engineName]?.find(
    ({ suite, test }) => file.endsWith(`test/${suite}.test.ts`) && test.test(name),
  );
}
