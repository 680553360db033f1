import "./gradients.ts";

export type { EagerBackend } from "./eager/backends.ts";
export { type Eager, type EagerOptions, eager } from "./eager/eager.ts";
export * from "./errors.ts";
export { type JitOptions, type Jitted, jit } from "./jit.ts";
export { type FloatArray, type OnnxModel, type OnnxValue, openOnnx } from "./onnx-model.ts";
export { attention } from "./ops/attention.ts";
export { gelu } from "./ops/gelu.ts";
export { normalize, standardize } from "./ops/standardize.ts";
export type { Device } from "./runtime/session.ts";
export type { Feed, FeedArray, Static } from "./tree.ts";
