/** What both of PyTorch's file formats come down to. */

import type { Value } from "../pickle/values.ts";

/** Bytes of the file. */
export interface Extent {
  position: number;
  byteLength: number;
}

export interface TorchFile {
  /** What was saved; its tensors are views of storages. */
  root: Value;
  /** Where a storage's bytes lie, if the file has it. */
  locate(key: string): Promise<Extent | undefined>;
}
