/** safetensors: the reference implementation's bytes, round trips, and files that break the format. */

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratch } from "../../test/scratch.ts";
import { withCheckpointFile } from "./checkpoint-file.ts";
import { DTYPES, type DType, type HostArray, type HostTensor } from "./host-tensor.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

const { path, write } = scratch();
const read = (file: string) => withCheckpointFile(file, readSafetensors);
const REFERENCE = new URL("../../../../fixtures/golden/checkpoints/dtypes.safetensors", import.meta.url);

/** A file with this header (text, or what JSON.stringify makes of it) and so many bytes of data. */
function fileOf(header: unknown, dataBytes = 0, length?: bigint): Buffer {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(json.length));
  return Buffer.concat([start, json, Buffer.alloc(dataBytes)]);
}

const entry = (dtype: unknown, shape: unknown, ...data_offsets: unknown[]) => ({
  dtype,
  shape,
  data_offsets,
});

describe("writing", () => {
  it("gives the bytes of the reference implementation", async () => {
    const reference = await read(REFERENCE.pathname);
    const sha256 = await writeSafetensors(path("again"), reference);
    expect(readFileSync(path("again"))).toEqual(readFileSync(REFERENCE));
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("gives the same bytes for any order of tensors and metadata", async () => {
    const ones = (dtype: DType): HostTensor => ({ dtype, shape: [1], data: new DTYPES[dtype](1) });
    const tensors: [string, HostTensor][] = [
      ["z", ones("float32")],
      ["10", ones("float32")],
      ["é", ones("float32")],
      ["2", ones("bool")],
      ["__proto__", ones("int64")],
    ];
    const metadata = { b: "1", a: "2" };
    const first = await writeSafetensors(path("first"), { tensors: new Map(tensors), metadata });
    const second = await writeSafetensors(path("second"), {
      tensors: new Map(tensors.toReversed()),
      metadata: { a: "2", b: "1" },
    });
    expect(first).toBe(second);
    const { tensors: back } = await read(path("first"));
    expect([...back.keys()]).toEqual(["__proto__", "10", "z", "é", "2"]);
  });

  it("comes back as it was", async () => {
    const dtype = fc.constantFrom(...(Object.keys(DTYPES) as DType[]));
    const shape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
    const tensor = fc.tuple(dtype, shape, fc.integer()).map(([dtype, shape, seed]): HostTensor => {
      const bytes = Uint8Array.from(
        { length: shape.reduce((a, b) => a * b, DTYPES[dtype].BYTES_PER_ELEMENT) },
        (_, i) => Math.imul(seed + i, 2654435761) >>> 24,
      );
      return { dtype, shape, data: new DTYPES[dtype](bytes.buffer) as HostArray };
    });
    const names = fc.string({ unit: "binary" }).filter((name) => name !== "__metadata__");
    const file = fc.record({
      tensors: fc.array(fc.tuple(names, tensor), { maxLength: 5 }).map((pairs) => new Map(pairs)),
      metadata: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }).map(Object.fromEntries),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ tensors, metadata }) => {
        await writeSafetensors(path("trip"), { tensors, metadata });
        const back = await read(path("trip"));
        expect(back.metadata).toEqual(metadata);
        expect(back.tensors.size).toBe(tensors.size);
        for (const [name, { dtype, shape, data }] of tensors) {
          expect(back.tensors.get(name)).toMatchObject({ dtype, shape });
          const [found, expected] = [back.tensors.get(name)!.data, data].map((array) =>
            Buffer.from(array.buffer),
          );
          expect(found!.equals(expected!)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ["__metadata__", { dtype: "float32", shape: [0], data: new Float32Array(0) }, /another name/],
    [
      "w",
      { dtype: "float32", shape: [2], data: new Float32Array(1) },
      /2 numbers in a Float32Array, found 1/,
    ],
    ["w", { dtype: "float32", shape: [1], data: new Int32Array(1) }, /Float32Array, found 1 in a Int32Array/],
    ["w", { dtype: "complex64", shape: [1], data: new Float32Array(1) }, /one of bool.*found complex64/],
  ])("refuses the tensor %s %j", async (name, tensor, message) => {
    const tensors = new Map([[name, tensor as HostTensor]]);
    await expect(writeSafetensors(path("refused"), { tensors })).rejects.toThrow(message);
  });
});

describe("broken files", () => {
  const F32 = entry("F32", [2], 0, 8);
  it.each<[string, Buffer, RegExp]>([
    ["shorter than a length", Buffer.from("1234567{").subarray(0, 7), /begins|the header's length/],
    ["header beyond the file", fileOf({}, 0, 3n), /header of at most 2 bytes, found a length of 3/],
    ["header of 2^63 bytes", fileOf({}, 0, 1n << 63n), /found a length of 9223372036854775808/],
    ["header over 100 MB", fileOf({}, 100_000_100, 100_000_001n), /at most 100000000 bytes/],
    ["not JSON", fileOf("{'a'}"), /a header in JSON/],
    ["not UTF-8", Buffer.concat([fileOf("", 0, 4n), Buffer.of(0x7b, 0x22, 0xff, 0x7d)]), /a header in JSON/],
    ["a list", fileOf([]), /a JSON object as header, found \[\]/],
    ["nested 100,000 deep", fileOf(`{"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}`), /an object \{dtype/],
    ["an entry that is a number", fileOf({ w: 1 }), /the tensor "w": expected an object/],
    ["no dtype", fileOf({ w: { shape: [], data_offsets: [0, 0] } }), /the dtype undefined/],
    ["an unknown dtype", fileOf({ w: entry("F8_E4M3", [2], 0, 2) }, 2), /found the dtype 'F8_E4M3'/],
    ["a dtype from Object.prototype", fileOf({ w: entry("toString", [2], 0, 2) }, 2), /found the dtype/],
    ["a negative size", fileOf({ w: entry("F32", [-1], 0, 4) }, 4), /a shape of integers/],
    ["a size that is a fraction", fileOf({ w: entry("F32", [0.5], 0, 2) }, 2), /a shape of integers/],
    ["a shape that is a string", fileOf({ w: entry("F32", "2", 0, 8) }, 8), /a shape of integers/],
    [
      "a shape that overflows",
      fileOf({ w: entry("U8", [2 ** 40, 2 ** 40], 0, 8) }, 8),
      /data_offsets \[ 0, 8 \]/,
    ],
    ["three offsets", fileOf({ w: entry("F32", [2], 0, 8, 8) }, 8), /two data_offsets/],
    ["offsets the wrong way round", fileOf({ w: entry("F32", [2], 8, 0) }, 8), /8 bytes for F32 \[ 2 \]/],
    ["a length that does not fit", fileOf({ w: entry("F32", [2], 0, 4) }, 4), /8 bytes for F32 \[ 2 \]/],
    [
      "a gap",
      fileOf({ v: F32, w: entry("F32", [2], 12, 20) }, 20),
      /"w": .*from byte 8 on, found a gap: byte 12/,
    ],
    ["a gap at the start", fileOf({ w: entry("F32", [2], 4, 12) }, 12), /a gap: byte 4/],
    ["an overlap", fileOf({ v: F32, w: entry("F32", [2], 4, 12) }, 12), /an overlap: byte 4/],
    ["two at the same place", fileOf({ v: F32, w: F32 }, 8), /an overlap: byte 0/],
    ["data beyond the tensors", fileOf({ w: F32 }, 9), /8 bytes of tensors, found 9/],
    ["too little data", fileOf({ w: F32 }, 7), /8 bytes of tensors, found 7/],
    ["a name twice", fileOf(`{"w":${JSON.stringify(F32)},"w":${JSON.stringify(F32)}}`, 8), /every name once/],
    [
      "a field twice",
      fileOf('{"w":{"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]}}', 8),
      /name once/,
    ],
    [
      "metadata that is a number",
      fileOf({ __metadata__: { a: 1 } }),
      /__metadata__: expected an object of strings/,
    ],
    ["metadata that is a list", fileOf({ __metadata__: [] }), /__metadata__/],
  ])("%s", async (name, content, message) => {
    const file = write(name.replace(/\W/g, "-"), content);
    const error = await read(file).catch((error) => error);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(file);
    expect(error).toMatchObject({
      exitCode: 2,
      code: expect.stringMatching(/^NN_CHECKPOINT_(INVALID|UNSUPPORTED)$/),
    });
  });

  it("colons, quotes and backslashes within names are not counted as members", async () => {
    const names = ['a:"b"', "c\\", 'd\\":', ":"];
    const tensors = new Map(
      names.map((name) => [name, { dtype: "uint8", shape: [0], data: new Uint8Array() }]),
    );
    await writeSafetensors(path("names"), { tensors: tensors as Map<string, HostTensor> });
    expect([...(await read(path("names"))).tensors.keys()].sort()).toEqual(names.sort());
  });
});
