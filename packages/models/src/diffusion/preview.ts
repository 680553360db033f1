/** Pictures of what the network makes of the same noise, epoch by epoch. */

import { join } from "node:path";
import type { Params } from "@touchstone/nn";
import { grid } from "../images/grid.ts";
import { collect } from "../images/sampled.ts";
import { saveImage } from "../images/save.ts";
import type { DiffusionRecipe } from "./model.ts";
import { type SampleDigitsOptions, sampleDigits } from "./sample.ts";

/** A row for each digit, in steps enough for a look: a few seconds on a CPU. */
const COLUMNS = 4;
const STEPS = 10;

/** A recipe's `epochEnd` that writes `epoch-0001.png` and so on to `folder`: the first images of each digit that the average makes. */
export function previewing(
  folder: string,
  recipe: DiffusionRecipe,
  options: Pick<SampleDigitsOptions, "seed" | "engine">,
) {
  return async ({ average }: { average: Params }, epoch: number): Promise<Record<string, number>> => {
    const steps = Math.min(STEPS, recipe.levels);
    const model = { ...recipe, params: average };
    const images = await collect(sampleDigits(model, { ...options, steps, perDigit: COLUMNS }));
    const file = `epoch-${String(epoch + 1).padStart(4, "0")}.png`;
    await saveImage(join(folder, file), grid(images, { columns: COLUMNS }));
    return {};
  };
}
