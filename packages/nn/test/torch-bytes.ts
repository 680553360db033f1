/** Pickles and zip archives as bytes, opcode by opcode: what PyTorch would never write. */

import { ZipFile } from "yazl";

/** A pickle: letters stand for themselves, numbers are bytes. */
export function bytes(...parts: (string | number | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "number" ? Buffer.of(part) : Buffer.from(part as string))),
  );
}

export const PROTO_2 = bytes(0x80, 2);

/** BINUNICODE. */
export function text(value: string): Buffer {
  const utf8 = Buffer.from(value);
  return bytes("X", uint32(utf8.length), utf8);
}

/** LONG1 of 8 bytes. */
export function integer(value: number | bigint): Buffer {
  const digits = Buffer.alloc(8);
  digits.writeBigInt64LE(BigInt(value));
  return bytes(0x8a, 8, digits);
}

export function uint32(value: number): Buffer {
  const digits = Buffer.alloc(4);
  digits.writeUInt32LE(value);
  return digits;
}

export const tuple = (...items: Uint8Array[]): Buffer => bytes("(", ...items, "t");
export const global = (module: string, name: string): Buffer => bytes("c", `${module}\n${name}\n`);
export const dict = (...items: Uint8Array[]): Buffer => bytes("}", "(", ...items, "u");
/** A pickle of one value. */
export const pickle = (value: Uint8Array): Buffer => bytes(PROTO_2, value, ".");

export interface TensorParts {
  key?: Uint8Array;
  storageType?: string;
  elements?: number;
  offset?: number | bigint;
  size?: (number | bigint)[];
  stride?: (number | bigint)[];
}

/** A float32 tensor of [2] in the storage "0" of 2 elements, unless told otherwise. */
export function tensor({
  key = text("0"),
  storageType = "FloatStorage",
  elements = 2,
  offset = 0,
  size = [2],
  stride = [1],
}: TensorParts = {}): Buffer {
  const storage = bytes(
    tuple(text("storage"), global("torch", storageType), key, text("cpu"), integer(elements)),
    "Q",
  );
  const hooks = bytes(global("collections", "OrderedDict"), ")R");
  const sizes = tuple(...size.map(integer));
  const strides = tuple(...stride.map(integer));
  const args = tuple(storage, integer(offset), sizes, strides, bytes(0x89), hooks);
  return bytes(global("torch._utils", "_rebuild_tensor_v2"), args, "R");
}

export interface ZipEntry {
  name: string;
  data: Uint8Array;
  compress?: boolean;
}

/** A zip archive of these entries, stored as they are unless told otherwise. */
export async function zip(
  entries: ZipEntry[],
  options: { forceZip64Format?: boolean } = {},
): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, data, compress = false } of entries) {
    file.addBuffer(Buffer.from(data), name, { compress, ...options });
  }
  file.end({ comment: "", forceZip64Format: options.forceZip64Format ?? false });
  const chunks: Buffer[] = [];
  for await (const chunk of file.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What torch.save would write of this pickle with one storage "0" of 2 float32: 1 and 2. */
export function checkpoint(pickled: Uint8Array, storage = new Float32Array([1, 2])): Promise<Buffer> {
  return zip([
    { name: "archive/data.pkl", data: pickled },
    { name: "archive/data/0", data: new Uint8Array(storage.buffer) },
  ]);
}
