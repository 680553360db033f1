/** What the training of a generator leaves behind after an epoch: a picture, and now and then the generator itself. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Params, saveParams } from "@touchstone/nn";
import { grid } from "../images/grid.ts";
import { collect } from "../images/sampled.ts";
import { saveImage } from "../images/save.ts";
import type { GanOptions } from "./options.ts";
import { type SampleOptions, sampleDcgan } from "./sample.ts";

/** Rows and columns. */
const ACROSS = 8;

/**
 * A recipe's `epochEnd`. To the folder `previews` it writes `epoch-0001.png` and so on: the first 64 images that sampling the average with
 * this seed gives. To `kept.folder`, after every `kept.every`-th epoch, the average itself, `epoch-0010.safetensors`, in float16.
 */
export function afterEpoch(
  { previews, kept }: Pick<GanOptions, "previews" | "kept">,
  sampling: Omit<SampleOptions, "count">,
) {
  return async ({ average }: { average: Params }, epoch: number): Promise<Record<string, number>> => {
    const name = `epoch-${String(epoch + 1).padStart(4, "0")}`;
    if (previews !== undefined) {
      const images = await collect(sampleDcgan(average, { ...sampling, count: ACROSS ** 2 }));
      await saveImage(join(previews, `${name}.png`), grid(images, { columns: ACROSS }));
    }
    if (kept && (epoch + 1) % kept.every === 0) {
      await mkdir(kept.folder, { recursive: true });
      await saveParams(join(kept.folder, `${name}.safetensors`), average, { dtype: "float16" });
    }
    return {};
  };
}
