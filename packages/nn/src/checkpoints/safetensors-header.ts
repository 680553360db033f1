/** The JSON header of a safetensors file: https://huggingface.co/docs/safetensors (format). */

import { inspect } from "node:util";
import { sizeOf } from "../shape.ts";
import { InvalidCheckpointError, UnsupportedCheckpointError } from "./errors.ts";
import { bytesPerElement, type DType } from "./host-tensor.ts";

/** In the order in which the reference implementation writes tensors: widest first, so that all are aligned. */
export const SAFETENSORS_DTYPES = {
  U64: "uint64",
  I64: "int64",
  F64: "float64",
  F32: "float32",
  U32: "uint32",
  I32: "int32",
  BF16: "bfloat16",
  F16: "float16",
  U16: "uint16",
  I16: "int16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
} as const satisfies Record<string, DType>;

/** The reference implementation's limit. */
export const MAX_HEADER_BYTES = 100_000_000;

export interface TensorEntry {
  dtype: DType;
  shape: number[];
  /** Bytes from the end of the header. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  /** By position in the file. */
  tensors: Map<string, TensorEntry>;
  metadata: Record<string, string>;
}

/**
 * Checks everything the format promises: known types, lengths that follow from shapes, and tensors that fill the data
 * without gap or overlap.
 *
 * @param dataBytes how many bytes follow the header  @throws InvalidCheckpointError, UnsupportedCheckpointError
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number, path: string): SafetensorsHeader {
  const { __metadata__: metadata = {}, ...entries } = parseJson(bytes, path);
  const tensors = Object.entries(entries).map(
    ([name, value]) => [name, tensorEntry(value, `${path}: the tensor "${name}"`)] as const,
  );
  tensors.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  for (const [name, { begin, end }] of tensors) {
    if (begin !== filled) {
      const what = begin < filled ? "an overlap" : "a gap";
      throw invalid(`${path}: the tensor "${name}"`, `data from byte ${filled} on`, `${what}: byte ${begin}`);
    }
    filled = end;
  }
  if (filled !== dataBytes) throw invalid(path, `${filled} bytes of tensors`, `${dataBytes}`);
  return { tensors: new Map(tensors), metadata: checkMetadata(metadata, path) };
}

function parseJson(bytes: Uint8Array, path: string): Record<string, unknown> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidCheckpointError(path, "a header in JSON", `${(error as Error).message}`, {
      cause: error,
    });
  }
  if (!isObject(value)) throw invalid(path, "a JSON object as header", shown(value));
  if (memberCount(text) !== countMembers(value)) throw invalid(path, "every name once", "a name twice");
  return value;
}

/** How many members the objects of a valid JSON text have: colons outside of strings. `JSON.parse` drops duplicates silently. */
function memberCount(json: string): number {
  let count = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i];
    if (c === '"') inString = !inString;
    else if (c === "\\") i++;
    else if (c === ":" && !inString) count++;
  }
  return count;
}

/** The same count after parsing; the header's values are at most two levels deep where they are valid. */
function countMembers(header: Record<string, unknown>): number {
  const members = Object.values(header);
  return members.reduce<number>(
    (n, member) => n + (isObject(member) ? Object.keys(member).length : 0),
    members.length,
  );
}

function tensorEntry(value: unknown, where: string): TensorEntry {
  if (!isObject(value)) throw invalid(where, "an object {dtype, shape, data_offsets}", shown(value));
  const { dtype: type, shape, data_offsets: offsets } = value;
  const dtype = dtypeOf(type, where);
  if (!isSizes(shape)) throw invalid(where, "a shape of integers, 0 or more", shown(shape));
  if (!isSizes(offsets) || offsets.length !== 2) throw invalid(where, "two data_offsets", shown(offsets));
  const [begin, end] = offsets as [number, number];
  const length = sizeOf(shape) * bytesPerElement(dtype);
  if (end - begin !== length) {
    throw invalid(
      where,
      `${length} bytes for ${String(type)} ${shown(shape)}`,
      `data_offsets ${shown(offsets)}`,
    );
  }
  return { dtype, shape, begin, end };
}

function dtypeOf(type: unknown, where: string): DType {
  if (typeof type === "string" && Object.hasOwn(SAFETENSORS_DTYPES, type)) {
    return SAFETENSORS_DTYPES[type as keyof typeof SAFETENSORS_DTYPES];
  }
  const known = Object.keys(SAFETENSORS_DTYPES).join(", ");
  throw new UnsupportedCheckpointError(where, `the dtype ${shown(type)}`, `Store it as one of ${known}.`);
}

function checkMetadata(metadata: unknown, path: string): Record<string, string> {
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string")) {
    return metadata as Record<string, string>;
  }
  throw invalid(`${path}: __metadata__`, "an object of strings", shown(metadata));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function invalid(where: string, expected: string, found: string): InvalidCheckpointError {
  return new InvalidCheckpointError(where, expected, found);
}

function shown(value: unknown): string {
  return inspect(value, {
    depth: 1,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 8,
    maxStringLength: 60,
  });
}
