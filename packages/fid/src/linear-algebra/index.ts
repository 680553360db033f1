/** Linear algebra in float64 on WebAssembly: products at the speed of the machine's 128-bit vector units, several threads. */

export { MAX_THREADS, MatrixTooLargeError, ThreadCountError, WorkerThreadError } from "./errors.ts";
export { addGram } from "./gram.ts";
export { type Side, type TraceOfRoot, traceOfRoot } from "./trace-of-root.ts";
