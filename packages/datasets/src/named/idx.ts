/** The IDX format of MNIST (yann.lecun.com/exdb/mnist): uint8 arrays of any rank, big-endian sizes first. */

import { BadFileError } from "../errors.ts";

export interface IdxArray {
  shape: number[];
  data: Uint8Array;
}

const UINT8 = 0x08;

/**
 * Parses a whole file; `data` is a view of it.
 *
 * @param file what messages call it
 * @throws BadFileError
 */
export function parseIdx(bytes: Uint8Array, file: string): IdxArray {
  const bad = (expected: string, found: string) =>
    new BadFileError({ file, kind: "corrupt", message: `expected ${expected}, found ${found}` });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 4) throw bad("an IDX file", `${bytes.length} bytes`);
  if (view.getUint16(0) !== 0)
    throw bad("an IDX file, which begins with two zeros", `0x${view.getUint16(0).toString(16)}`);
  if (bytes[2] !== UINT8) throw bad("uint8 values (type 0x08)", `type 0x${bytes[2]!.toString(16)}`);

  const rank = bytes[3]!;
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw bad(`the sizes of ${rank} axes`, "the end of the file");
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== start + size) {
    throw bad(`${start + size} bytes for [${shape.join(", ")}]`, `${bytes.length}`);
  }
  return { shape, data: bytes.subarray(start) };
}
