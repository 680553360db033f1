/**
 * The numeric arrays of a MATLAB 5 file, in which SVHN is published.
 *
 * "MAT-File Format" (MathWorks), chapter 1: a header of 128 bytes, then elements, each a tag of type and length and its data.
 */

import { inflateSync } from "node:zlib";
import { BadFileError } from "../errors.ts";

export interface MatArray {
  /** The first axis is the one that varies fastest. */
  shape: number[];
  data: Uint8Array | Int32Array | Float64Array;
}

const HEADER = 128;
const COMPRESSED = 15;
const MATRIX = 14;
const NUMERIC_CLASSES = [6, 15]; // mxDOUBLE_CLASS to mxUINT64_CLASS

interface Element {
  type: number;
  data: Buffer;
}

/**
 * The numeric arrays of a whole file, by name; what else is in it is passed over.
 *
 * @param file what messages call it
 * @throws BadFileError
 */
export function parseMat(bytes: Uint8Array, file: string): Map<string, MatArray> {
  const bad = (expected: string, found: string) =>
    new BadFileError({ file, kind: "corrupt", message: `expected ${expected}, found ${found}` });
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < HEADER) throw bad("a MATLAB 5 file", `${buffer.length} bytes`);
  const version = buffer.toString("latin1", 124, 128);
  if (version !== "\x00\x01IM") {
    throw bad("a little-endian MATLAB 5 file", JSON.stringify(buffer.toString("latin1", 0, 19)));
  }

  const arrays = new Map<string, MatArray>();
  for (const { type, data } of elements(buffer.subarray(HEADER), false)) {
    const [matrix] = type === COMPRESSED ? elements(inflate(data), false) : [{ type, data }];
    if (matrix?.type !== MATRIX) continue;
    const [flags, sizes, name, values] = elements(matrix.data, true);
    const mxClass = flags?.data[0] ?? 0;
    if (mxClass < NUMERIC_CLASSES[0]! || mxClass > NUMERIC_CLASSES[1]!) continue;
    if (!sizes || !name || !values) throw bad("the sizes, name and values of an array", "fewer");
    const shape = [...(numbers(sizes) as Int32Array)];
    const array = { shape, data: numbers(values) };
    if (array.data.length !== shape.reduce((a, b) => a * b, 1)) {
      throw bad(`values for [${shape.join(", ")}]`, `${array.data.length}`);
    }
    arrays.set(name.data.toString("latin1"), array);
  }
  return arrays;

  function inflate(data: Buffer): Buffer {
    try {
      return inflateSync(data);
    } catch (error) {
      throw bad("sound compressed data", (error as Error).message);
    }
  }

  function elements(from: Buffer, isPadded: boolean): Element[] {
    const found: Element[] = [];
    for (let at = 0; at + 8 <= from.length; ) {
      const tag = from.readUInt32LE(at);
      // A tag whose upper half is not zero is a length and a type in one, with up to four bytes of data behind it.
      const isSmall = tag >>> 16 !== 0;
      const length = isSmall ? tag >>> 16 : from.readUInt32LE(at + 4);
      const start = at + (isSmall ? 4 : 8);
      if (start + length > from.length) throw bad(`an element of ${length} bytes`, "the end before its end");
      found.push({ type: tag & 0xffff, data: from.subarray(start, start + length) });
      at = isSmall ? at + 8 : start + (isPadded ? Math.ceil(length / 8) * 8 : length);
    }
    return found;
  }

  /** MATLAB stores numbers in the smallest type that holds them, whatever the array's class. */
  function numbers({ type, data }: Element): MatArray["data"] {
    const read = (size: number, at: (offset: number) => number) =>
      Float64Array.from({ length: Math.floor(data.length / size) }, (_, i) => at(i * size));
    switch (type) {
      case 2:
        return data;
      case 1:
        return read(1, (at) => data.readInt8(at));
      case 3:
        return read(2, (at) => data.readInt16LE(at));
      case 4:
        return read(2, (at) => data.readUInt16LE(at));
      case 5:
        return read(4, (at) => data.readInt32LE(at));
      case 6:
        return read(4, (at) => data.readUInt32LE(at));
      case 7:
        return read(4, (at) => data.readFloatLE(at));
      case 9:
        return read(8, (at) => data.readDoubleLE(at));
      default:
        throw bad("values of 8 to 32 bits or of double precision", `type ${type}`);
    }
  }
}
