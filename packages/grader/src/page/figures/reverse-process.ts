/** The reverse process of one digit of a run of the diffusion model: computed again, by what the image says it was made with. */

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Work } from "@touchstone/cli";
import type { SamplerName } from "@touchstone/models";
import { readCheckpoint } from "@touchstone/nn";
import type { RunOutput } from "@touchstone/report";
import { z } from "zod";
import type { FigureContext, Run } from "./context.ts";
import { FigureSourceError } from "./errors.ts";
import { kept } from "./kept.ts";

const DIGIT = 3;
const FILE = `${DIGIT}_001.png`;
/** Levels of noise that are shown, from T to 0. */
const TIMES = 11;
const SIDE = 28;

const schema = z.array(z.object({ t: z.number(), pixels: z.base64() }));

/** @throws FigureSourceError; what reading the checkpoint and sampling throw */
export async function* reverseOf(
  { output }: Pick<Run, "output">,
  checkpoint: string,
  { results, device }: FigureContext,
): Work<NonNullable<RunOutput["reverse"]>> {
  // Only here, as they take a second to load.
  const { loadDiffusion, originOf, reverseSteps } = await import("@touchstone/models");
  const origin = originOf(await readFile(join(output, FILE)).catch(() => new Uint8Array()));
  if (!origin) throw new FigureSourceError(FILE, "an image that says what it was made with", "none");
  const weights = await readCheckpoint(checkpoint);
  if (origin.checkpoint !== weights.sha256)
    throw new FigureSourceError(basename(checkpoint), "the weights that the run had", "others");
  const { eta } = origin;
  const made = {
    seed: origin.seed ?? 0,
    sampler: origin.sampler as SamplerName,
    steps: Number(origin.steps),
    guidance: Number(origin.guidance),
    ...(eta !== undefined && { eta: Number(eta) }),
  };
  const parts = { file: FILE, times: TIMES, origin };
  const images = yield* kept({ folder: results, kind: "reverse", parts, schema }, async function* () {
    const model = loadDiffusion(weights);
    const process = yield* reverseSteps(model, { ...made, digit: DIGIT, times: TIMES, engine: { device } });
    return process.map(({ t, image }) => ({ t, pixels: Buffer.from(image.data).toString("base64") }));
  });
  const steps = images.map(({ t, pixels }) => ({
    t,
    image: { height: SIDE, width: SIDE, channels: 3 as const, data: Buffer.from(pixels, "base64") },
  }));
  return { name: FILE, steps: steps.sort((a, b) => b.t - a.t) };
}
