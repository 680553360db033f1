/** Linear algebra in float64 on WebAssembly: products at the speed of the machine's 128-bit vector units, several threads. */

export { MAX_THREADS, MatrixTooLargeError, ThreadCountError, WorkerThreadError } from "./errors.ts";
export { type Float32Factor, float32Factor } from "./float32-factor.ts";
export { addGram } from "./gram.ts";
export type { Side } from "./side.ts";
export { type TraceOfRoot, traceOfRoot } from "./trace-of-root.ts";
