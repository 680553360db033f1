/** The compiled kernels: the module, its memory and what it exports. Their sources and documentation are in `kernels/`. */

import { MatrixTooLargeError } from "./errors.ts";
import { KERNELS_BASE64 } from "./kernels-binary.ts";
import { type Memory, type Module, webAssembly } from "./web-assembly.ts";

/** Addresses and sizes are in bytes. */
export interface Kernels {
  rowBytes(width: number): number;
  plan(width: number, rows1: number, rows2: number, threads: number): number;
  side1At(): number;
  side2At(): number;
  resultsAt(): number;
  run(thread: number): void;
  gramBytes(dims: number, rows: number): number;
  gramRowsAt(): number;
  gram(dims: number, rows: number): void;
  factorBytes(dims: number): number;
  factorAt(): number;
  factorOrderAt(dims: number): number;
  factorMatrix(dims: number): number;
}

const PAGE = 65_536;
const MAX_PAGES = 65_536;

let compiled: Module | undefined;

export function kernelModule(): Module {
  compiled ??= new webAssembly.Module(Buffer.from(KERNELS_BASE64, "base64"));
  return compiled;
}

function instantiate(memory: Memory): Kernels {
  return new webAssembly.Instance(kernelModule(), { env: { memory } }).exports as Kernels;
}

/** Memory of exactly `bytes` bytes, rounded up to pages. */
export function allocate(bytes: number, what: string): Memory {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > MAX_PAGES) throw new MatrixTooLargeError(what, bytes);
  try {
    return new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw new MatrixTooLargeError(what, bytes, error);
  }
}

let scratch: { memory: Memory; kernels: Kernels } | undefined;

/** The calling thread's own instance with at least `bytes` bytes; its memory grows, stays, and keeps nothing for anyone. */
export function scratchKernels(bytes: number, what: string): { memory: Memory; kernels: Kernels } {
  if (scratch === undefined) {
    const memory = new webAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    scratch = { memory, kernels: instantiate(memory) };
  }
  const missing = Math.ceil((bytes - scratch.memory.buffer.byteLength) / PAGE);
  if (missing > 0) {
    try {
      scratch.memory.grow(missing);
    } catch (error) {
      throw new MatrixTooLargeError(what, bytes, error);
    }
  }
  return scratch;
}
