/**
 * A submission of real faces, from the training images: what a generator would score that had nothing left to learn.
 *
 *   npx tsx packages/models/scripts/training-faces.ts FOLDER --data data [--count 1000]
 *   pnpm grade p1 --submission FOLDER --id real-faces
 */

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadDataset } from "@touchstone/datasets";
import { saveImage } from "../src/images/index.ts";

/** Writes `count` faces spread evenly over faces/train, 64 x 64. @throws the dataset's errors, and a disk's */
export async function writeTrainingFaces(folder: string, count: number, data?: string): Promise<void> {
  const faces = await loadDataset("faces/train", data === undefined ? {} : { data });
  const { height, width } = faces;
  const size = height * width * 3;
  for (let i = 0; i < count; i++) {
    const at = Math.floor((i * faces.count) / count) * size;
    const image = { data: faces.images.subarray(at, at + size), height, width, channels: 3 as const };
    await saveImage(join(folder, `${i}.png`), image);
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: "string" }, count: { type: "string", default: "1000" } },
  });
  const [folder] = positionals;
  const count = Number(values.count);
  if (folder === undefined) throw new Error("expected the folder to write to");
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--count: expected a whole number, found "${values.count}"`);
  await writeTrainingFaces(join(folder, "faces"), count, values.data);
  writeFileSync(join(folder, "hw2_1.sh"), 'cp faces/*.png "$1"\n');
}
