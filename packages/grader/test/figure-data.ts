/** For tests: a data folder in the homework's layout, of noise, and what producers of figures are given. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatorFromSeed } from "@touchstone/nn";
import sharp from "sharp";
import { temporaryFolder } from "../../datasets/test/image-files.ts";
import type { FigureContext } from "../src/page/figures/context.ts";
import { referencesOf } from "./small-grading.ts";

/** A PNG of noise. */
export function noise(seed: string, height: number, width: number): Promise<Buffer> {
  const data = Uint8Array.from(generatorFromSeed(seed).uniform(height * width * 3), (u) => 256 * u);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Writes `0.png`, `1.png` ... to `folder`, and on request the table of their labels, the digits in turn. */
export async function writeNoise(
  folder: string,
  {
    count,
    height,
    width,
    labels = false,
  }: { count: number; height: number; width: number; labels?: boolean },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < count; i++)
    writeFileSync(join(folder, `${i}.png`), await noise(`${folder.slice(-8)} ${i}`, height, width));
  const rows = Array.from({ length: count }, (_, i) => `${i}.png,${i % 10}\n`);
  if (labels) writeFileSync(`${folder}.csv`, `image_name,label\n${rows.join("")}`);
}

/** @param data the folder, which exists */
export function figureContext(data: string): FigureContext {
  return { results: temporaryFolder(), references: referencesOf({ data }), device: "cpu" };
}
