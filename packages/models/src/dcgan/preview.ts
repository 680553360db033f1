/** Pictures of what a generator makes of the same noise, epoch by epoch. */

import { join } from "node:path";
import type { Params } from "@touchstone/nn";
import { grid } from "../images/grid.ts";
import { collect } from "../images/sampled.ts";
import { saveImage } from "../images/save.ts";
import { type SampleOptions, sampleDcgan } from "./sample.ts";

/** Rows and columns. */
const ACROSS = 8;

/**
 * A recipe's `epochEnd` that writes `epoch-0001.png` and so on to `folder`: the first 64 images that sampling the average with this seed
 * gives.
 */
export function previewing(folder: string, options: Omit<SampleOptions, "count">) {
  return async ({ average }: { average: Params }, epoch: number): Promise<Record<string, number>> => {
    const images = await collect(sampleDcgan(average, { ...options, count: ACROSS ** 2 }));
    const file = `epoch-${String(epoch + 1).padStart(4, "0")}.png`;
    await saveImage(join(folder, file), grid(images, { columns: ACROSS }));
    return {};
  };
}
