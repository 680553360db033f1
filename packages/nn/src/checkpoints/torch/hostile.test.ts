/** PyTorch files made to harm by their tensors or their zip archive. */

import { describe, expect, it } from "vitest";
import { hostile, withTensor } from "../../../test/hostile.ts";
import {
  bytes,
  checkpoint,
  dict,
  global,
  integer,
  pickle,
  type TensorParts,
  tensor,
  text,
  tuple,
  zip,
} from "../../../test/torch-bytes.ts";
import { readCheckpoint } from "../read-checkpoint.ts";

const { write, refusal, refusalOf } = hostile();

it("reads what these helpers make when nothing is wrong with it", async () => {
  const file = write("good.pth", await checkpoint(pickle(withTensor({}))));
  const { tensors } = await readCheckpoint(file);
  expect(tensors.get("w")).toEqual({ dtype: "float32", shape: [2], data: Float32Array.of(1, 2) });
});

it("reads the OrderedDict of Python 2, which has its items as an argument", async () => {
  const pairs = bytes("](", bytes("](", text("w"), tensor(), "e"), "e");
  const value = bytes(global("collections", "OrderedDict"), tuple(pairs), "R");
  const file = write("python2.pth", await checkpoint(pickle(value)));
  expect([...(await readCheckpoint(file)).tensors.keys()]).toEqual(["w"]);
});

it("reads zip64 archives", async () => {
  const entries = [
    { name: "big/data.pkl", data: pickle(withTensor({})) },
    { name: "big/data/0", data: new Uint8Array(8) },
  ];
  const file = write("zip64.pth", await zip(entries, { forceZip64Format: true }));
  expect((await readCheckpoint(file)).tensors.size).toBe(1);
});

describe("tensors that reach too far", () => {
  it.each<[string, TensorParts, RegExp]>([
    [
      "a size of 10^12",
      { size: [1e12] },
      /a view within the 8 bytes of storage "0", found one that ends at byte 4000/,
    ],
    [
      "a size of 10^12 by a stride of 0",
      { size: [1e12], stride: [0] },
      /8 times the file, found 4000000000000 bytes/,
    ],
    ["sizes beyond 2^53", { size: [2 ** 40, 2 ** 40], stride: [0, 0] }, /less than 2\^53 elements/],
    [
      "sizes beyond 2^63",
      { size: [2n ** 62n], stride: [0] },
      /a tuple of at most 64 sizes, 0 or more, found \(4611686018427387904\)/,
    ],
    ["a negative size", { size: [-1] }, /a tuple of at most 64 sizes, 0 or more, found \(-1\)/],
    [
      "65 axes",
      { size: new Array(65).fill(1), stride: new Array(65).fill(1) },
      /at most 64 sizes, 0 or more, found \(1, 1/,
    ],
    ["a negative stride", { stride: [-1] }, /a tuple of 1 strides, 0 or more, found \(-1\)/],
    ["a stride too many", { stride: [1, 1] }, /a tuple of 1 strides/],
    ["a stride beyond the storage", { stride: [2] }, /ends at byte 12/],
    ["a negative offset", { offset: -1 }, /an offset, 0 or more, found the number -1/],
    ["an offset beyond the storage", { offset: 1 }, /ends at byte 12/],
    ["an offset of 2^62", { offset: 2n ** 62n, size: [0] }, /an offset, 0 or more/],
    [
      "more elements than the record has",
      { elements: 3 },
      /12 bytes in the storage "0" of the tensor "w", found 8/,
    ],
    ["fewer elements than the record has", { elements: 1, size: [1] }, /4 bytes in the storage "0".*found 8/],
    ["a negative number of elements", { elements: -2 }, /a number of elements, 0 or more/],
    ["a storage that is missing", { key: text("17") }, /the storage "17" of the tensor "w", found none/],
    ["a storage's name with dots", { key: text("../data.pkl") }, /the storage "\.\.\/data\.pkl".*found none/],
    ["a storage's name that is a number", { key: integer(0) }, /a storage's name, found the number 0/],
    ["a type of storage that is a dtype", { storageType: "float32" }, /a storage type, found a dtype/],
    ["complex numbers", { storageType: "ComplexFloatStorage" }, /refused "torch\.ComplexFloatStorage"/],
  ])("%s", async (_, parts, message) => {
    expect((await refusalOf(withTensor(parts))).message).toMatch(message);
  });

  it("thousands of views over all of a storage", async () => {
    const storage = new Float32Array(4096);
    const view = tensor({ elements: 4096, size: [2], stride: [4095] });
    const items = Array.from({ length: 200 }, (_, i) => [text(`w${i}`), view]).flat();
    const error = await refusal(await checkpoint(pickle(dict(...items)), storage));
    expect(error.message).toMatch(/8 times the file/);
  });

  it.each<[string, Buffer, RegExp]>([
    [
      "a persistent id that is a string",
      bytes(text("0"), "Q"),
      /persistent id.*begins with "storage", found the string "0"/,
    ],
    [
      "a tensor without arguments",
      bytes(global("torch._utils", "_rebuild_tensor_v2"), ")R"),
      /a storage, found None/,
    ],
    [
      "a parameter of nothing",
      bytes(global("torch._utils", "_rebuild_parameter"), ")R"),
      /parameter's tensor, found None/,
    ],
    [
      "a class that rebuilds itself",
      bytes(
        global("torch._tensor", "_rebuild_from_type_v2"),
        "q",
        0,
        tuple(bytes("h", 0), bytes("h", 0), bytes(")")),
        "R",
      ),
      /a plain tensor/,
    ],
  ])("%s", async (_, value, message) => {
    expect((await refusalOf(dict(text("w"), value))).message).toMatch(message);
  });
});

describe("zip archives", () => {
  const data = pickle(withTensor({}));
  const storage = { name: "a/data/0", data: new Uint8Array(8) };
  it.each<[string, Parameters<typeof zip>[0], RegExp]>([
    ["without a pickle", [storage], /one record <folder>\/data\.pkl in the zip archive, found 0/],
    [
      "two pickles",
      [{ name: "a/data.pkl", data }, { name: "b/data.pkl", data }, storage],
      /data\.pkl .*found 2/,
    ],
    ["a name twice", [{ name: "a/data.pkl", data }, storage, storage], /two records "a\/data\/0"/],
    [
      "a compressed pickle",
      [{ name: "a/data.pkl", data, compress: true }, storage],
      /compressed or encrypted record "a\/data\.pkl"/,
    ],
    [
      "a bomb",
      [
        { name: "a/data.pkl", data },
        { name: "a/data/0", data: new Uint8Array(1e7), compress: true },
      ],
      /compressed/,
    ],
    [
      "big-endian",
      [{ name: "a/data.pkl", data }, storage, { name: "a/byteorder", data: Buffer.from("big") }],
      /byte order "big"/,
    ],
  ])("%s", async (_, entries, message) => {
    expect((await refusal(await zip(entries))).message).toMatch(message);
  });

  it("names that lead out of the folder", async () => {
    const good = await zip([
      { name: "a/data.pkl", data },
      { name: "aa/x", data },
    ]);
    const evil = Buffer.from(good.toString("latin1").replaceAll("aa/x", "../x"), "latin1");
    expect((await refusal(evil)).message).toMatch(/invalid relative path: \.\.\/x/);
  });

  it("a wrong checksum, of the pickle and of a storage", async () => {
    const good = await checkpoint(data);
    for (const needle of [data, Buffer.from(new Float32Array([1, 2]).buffer)]) {
      const evil = Buffer.from(good);
      evil[good.indexOf(needle) + 4]! ^= 1;
      expect((await refusal(evil)).message).toMatch(/with the CRC-32 [0-9a-f]{8}, found [0-9a-f]{8}/);
    }
  });

  it("cut short anywhere", async () => {
    const good = await checkpoint(data);
    for (let length = 1; length < good.length; length += 7) await refusal(good.subarray(0, length));
  });
});
