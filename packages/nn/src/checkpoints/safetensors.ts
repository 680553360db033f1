/** Reading and writing safetensors files. */

import { sizeOf } from "../shape.ts";
import { writeAtomically } from "./atomic-write.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { InvalidCheckpointError, UnstorableError } from "./errors.ts";
import { DTYPES, type HostTensor, viewAs } from "./host-tensor.ts";
import { MAX_HEADER_BYTES, parseHeader, SAFETENSORS_DTYPES } from "./safetensors-header.ts";

export interface Safetensors {
  /** In PyTorch's layout and under PyTorch's names, if the file keeps to the convention. */
  tensors: Map<string, HostTensor>;
  metadata: Record<string, string>;
}

const LENGTH_BYTES = 8;

/** @throws InvalidCheckpointError, UnsupportedCheckpointError */
export async function readSafetensors(file: CheckpointFile): Promise<Safetensors> {
  const headerBytes = await headerLength(file);
  const header = await file.read(LENGTH_BYTES, headerBytes, "the header");
  const dataStart = LENGTH_BYTES + headerBytes;
  const { tensors: entries, metadata } = parseHeader(header, file.size - dataStart, file.path);
  const tensors = new Map<string, HostTensor>();
  for (const [name, { dtype, shape, begin, end }] of entries) {
    const bytes = await file.read(dataStart + begin, end - begin, `the tensor "${name}"`);
    tensors.set(name, { dtype, shape, data: viewAs(dtype, bytes) });
  }
  return { tensors, metadata };
}

/** The header's length in bytes. @throws InvalidCheckpointError */
export async function headerLength(file: CheckpointFile): Promise<number> {
  const bytes = await file.read(0, LENGTH_BYTES, "the header's length");
  const length = new DataView(bytes.buffer).getBigUint64(0, true);
  const limit = Math.min(MAX_HEADER_BYTES, file.size - LENGTH_BYTES);
  if (length > limit) {
    throw new InvalidCheckpointError(
      file.path,
      `a header of at most ${limit} bytes`,
      `a length of ${length}`,
    );
  }
  return Number(length);
}

/**
 * Writes a safetensors file, atomically: under `path` there is at every moment a complete file, old or new.
 * The bytes depend on nothing but the tensors and the metadata, and are those of the reference implementation.
 *
 * @returns the file's hexadecimal SHA-256  @throws UnstorableError, CheckpointWriteError
 */
export async function writeSafetensors(
  path: string,
  { tensors, metadata = {} }: { tensors: ReadonlyMap<string, HostTensor>; metadata?: Record<string, string> },
): Promise<string> {
  const ordered = Array.from(tensors, ([name, tensor]) => ({ name, tensor, ...checked(name, tensor) }));
  ordered.sort((a, b) => a.rank - b.rank || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  let begin = 0;
  const members = ordered.map(({ name, type, tensor, bytes }) => {
    const entry = { dtype: type, shape: tensor.shape, data_offsets: [begin, begin + bytes.byteLength] };
    begin += bytes.byteLength;
    return member(name, entry);
  });
  if (Object.keys(metadata).length > 0) members.unshift(member("__metadata__", sorted(metadata)));
  const header = encodedHeader(`{${members.join()}}`, path);
  return writeAtomically(path, [...header, ...ordered.map(({ bytes }) => bytes)]);
}

/** An object would put names such as "0" before all others. */
const member = (name: string, value: object): string => `${JSON.stringify(name)}:${JSON.stringify(value)}`;

const TYPES = Object.entries(SAFETENSORS_DTYPES);

function checked(name: string, { dtype, shape, data }: HostTensor) {
  const where = `The tensor "${name}"`;
  if (name === "__metadata__") throw new UnstorableError(where, "another name", "the one that metadata has");
  const rank = TYPES.findIndex(([, known]) => known === dtype);
  const expected = sizeOf(shape);
  if (rank === -1)
    throw new UnstorableError(where, `one of ${Object.keys(DTYPES).join(", ")}`, String(dtype));
  if (!(data instanceof DTYPES[dtype]) || data.length !== expected) {
    const found = `${data.length} in a ${data.constructor.name}`;
    throw new UnstorableError(where, `${expected} numbers in a ${DTYPES[dtype].name}`, found);
  }
  return {
    rank,
    type: TYPES[rank]![0],
    bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function sorted(metadata: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.keys(metadata)
      .sort()
      .map((key) => [key, metadata[key]!]),
  );
}

/** The header's length and the header, filled up with spaces so that the data begins at a multiple of 8. */
function encodedHeader(json: string, path: string): Uint8Array[] {
  const text = Buffer.from(json);
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, " ");
  text.copy(padded);
  if (padded.length > MAX_HEADER_BYTES) {
    throw new UnstorableError(
      path,
      `names and metadata of at most ${MAX_HEADER_BYTES} bytes`,
      `${padded.length}`,
    );
  }
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  return [length, padded];
}
