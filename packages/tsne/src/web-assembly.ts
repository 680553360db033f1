/** The part of WebAssembly's JavaScript interface that is used here: Node 20's type definitions lack it. */

export interface Memory {
  readonly buffer: ArrayBuffer;
}

interface WebAssemblyApi {
  Memory: new (limits: { initial: number; maximum: number }) => Memory;
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object, imports: { env: { memory: Memory } }) => { exports: unknown };
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
