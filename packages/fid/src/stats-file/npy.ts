/** NumPy's .npy format, of which arrays of float32 and float64 are read and float64 is written (NEP 1, versions 1 to 3). */

import { InvalidStatisticsError, PickledStatisticsError } from "./errors.ts";

export interface NpyHeader {
  /** Bytes before the numbers. */
  length: number;
  itemBytes: 4 | 8;
  littleEndian: boolean;
  fortranOrder: boolean;
  shape: number[];
}

const MAGIC = "\x93NUMPY";
/** Of headers that plain arrays need; NumPy's own stay below 200. */
const MAX_HEADER = 4096;
export const MAX_HEADER_BYTES: number = MAX_HEADER + 12;

/**
 * @param bytes the beginning of an array, MAX_HEADER_BYTES of it or all there is
 * @param where how messages call it
 * @throws InvalidStatisticsError, PickledStatisticsError
 */
export function parseNpyHeader(bytes: Buffer, where: string): NpyHeader {
  const invalid = (expected: string, found: string) => new InvalidStatisticsError(where, expected, found);
  if (bytes.toString("latin1", 0, 6) !== MAGIC || bytes.length < 12) {
    throw invalid("a NumPy array", "something else");
  }
  const version = bytes[6]!;
  if (version < 1 || version > 3) throw invalid("NumPy format 1 to 3", `format ${version}`);
  const begin = version === 1 ? 10 : 12;
  const length = begin + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (length > Math.min(bytes.length, MAX_HEADER_BYTES)) {
    throw invalid("a whole header", `one of ${length} bytes in ${bytes.length}`);
  }
  const text = bytes.toString("latin1", begin, length);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined) {
    throw invalid("an array of numbers", `the header ${JSON.stringify(text.trim().slice(0, 200))}`);
  }
  if (/^[<>|=]?O/.test(descr)) throw new PickledStatisticsError(where, "an array of Python objects");
  const type = /^([<>])f([48])$/.exec(descr);
  if (type === null) throw invalid("float32 or float64", `type ${descr}`);
  return {
    length,
    itemBytes: type[2] === "4" ? 4 : 8,
    littleEndian: type[1] === "<",
    fortranOrder: order === "True",
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
  };
}

/** The numbers of an array as float64, row by row. */
export function decodeNpy(bytes: Buffer, header: NpyHeader): Float64Array {
  const { length, itemBytes, littleEndian, fortranOrder, shape } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + length, bytes.length - length);
  const read = (i: number) =>
    itemBytes === 4 ? view.getFloat32(4 * i, littleEndian) : view.getFloat64(8 * i, littleEndian);
  const values = new Float64Array(view.byteLength / itemBytes);
  const [rows = 1, columns = 1] = shape;
  if (fortranOrder && shape.length === 2) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) values[i * columns + j] = read(j * rows + i);
    }
  } else {
    for (let i = 0; i < values.length; i++) values[i] = read(i);
  }
  return values;
}

/** A float64 array in C order, in pieces to write one after another. */
export function encodeNpy(values: Float64Array, shape: readonly number[]): Uint8Array[] {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${dims}), }`;
  // NumPy aligns the numbers to 64 bytes; the header ends in a newline.
  const padded = `${header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11)}\n`;
  const head = Buffer.alloc(10 + padded.length);
  head.write(`${MAGIC}\x01\x00`, "latin1");
  head.writeUInt16LE(padded.length, 8);
  head.write(padded, 10, "latin1");
  return [head, littleEndianBytes(values)];
}

function littleEndianBytes(values: Float64Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  return isLittle ? bytes : Buffer.from(bytes).swap64();
}
