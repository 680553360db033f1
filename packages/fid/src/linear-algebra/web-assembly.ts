/** The part of WebAssembly's JavaScript interface that is used here: Node 20's type definitions lack it. */

export interface Memory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

export type Module = object;

interface WebAssemblyApi {
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => Memory;
  Module: new (binary: Uint8Array) => Module;
  Instance: new (module: Module, imports: { env: { memory: Memory } }) => { exports: unknown };
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
