/** MNIST-M as its authors published it: PNG files of 32x32 pixels and a list of labels, in one tar archive. */

import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { BadFileError } from "../errors.ts";
import { decodeImage } from "../images/decode.ts";
import { mapOrdered } from "../images/ordered.ts";
import { cropCenter } from "./crop.ts";
import type { Digits } from "./digits.ts";
import { tarFiles } from "./tar.ts";

/** The homework's images are the middle of the published ones, where the digit is. */
const SIZE = { height: 28, width: 28 };
const DECODED_AT_ONCE = 16;

/**
 * Reads one split, in the order of its list, the middle 28x28 pixels of each image.
 *
 * @throws BadFileError
 */
export async function readMnistMArchive(path: string, split: "train" | "test"): Promise<Digits> {
  const { list, packed } = await unpack(path, split);
  const rows = list.split("\n").filter((line) => line.trim() !== "");
  const labels = new Int32Array(rows.length);
  const pixels = SIZE.height * SIZE.width * 3;
  const images = new Uint8Array(rows.length * pixels);
  const names = rows.map((row, i) => {
    const [, image, label] = row.trim().match(/^(\S+) (\d)$/) ?? [];
    if (image === undefined || !packed.has(image))
      throw bad(path, "the name of an image and its label", `"${row}"`);
    labels[i] = Number(label);
    return image;
  });
  let at = 0;
  const decode = (name: string) => decodeImage(packed.get(name)!, { name: `${path}: ${name}` });
  for await (const image of mapOrdered(names, DECODED_AT_ONCE, decode)) {
    images.set(cropCenter(image, SIZE).data, at);
    at += pixels;
  }
  return { images, labels, names, count: names.length, ...SIZE, channels: 3 };
}

async function unpack(path: string, split: string): Promise<{ list: string; packed: Map<string, Buffer> }> {
  const folder = new RegExp(`(^|/)mnist_m_${split}(/|_labels\\.txt$)`);
  const packed = new Map<string, Buffer>();
  let list: string | undefined;
  await pipeline(createReadStream(path), createGunzip(), async (archive: AsyncIterable<Uint8Array>) => {
    for await (const { name, data } of tarFiles(archive, path, (name) => folder.test(name))) {
      if (name.endsWith(".txt")) list = data.toString("utf8");
      else packed.set(name.slice(name.lastIndexOf("/") + 1), Buffer.from(data));
    }
  });
  if (list === undefined) throw bad(path, `mnist_m_${split}_labels.txt in the archive`, "none");
  return { list, packed };
}

function bad(file: string, expected: string, found: string): BadFileError {
  return new BadFileError({ file, kind: "corrupt", message: `expected ${expected}, found ${found}` });
}
