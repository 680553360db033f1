/** A trained network with what must be known of its training to sample from it, and how both are kept in a checkpoint. */

import { type Checkpoint, InvalidCheckpointError, loadParams, type Params } from "@touchstone/nn";
import { type Prediction, requirePrediction } from "./prediction.ts";
import { alphaBarOf, type Betas, LEVELS } from "./schedule.ts";
import { HEADS } from "./unet.ts";
import { unetSpecs, WIDTH } from "./unet-specs.ts";

export interface DiffusionRecipe {
  /** T: levels of noise. */
  levels: number;
  betas: Betas;
  /** Default "noise", as of every network that does not say otherwise. */
  prediction?: Prediction | undefined;
  /** How often the network was not told the label; undefined: not known. Guidance needs more than 0. */
  labelDropout?: number | undefined;
}

export interface DiffusionModel extends DiffusionRecipe {
  /** Of `unetSpecs`, of any width. */
  params: Params;
}

export interface LoadDiffusionOptions extends Partial<DiffusionRecipe> {
  /** Only names that begin with `prefix.`: `state.average` of a training's state. */
  prefix?: string;
}

const METADATA_KEY = "diffusion";

/** What `saveParams` should keep beside the parameters, for `loadDiffusion` to find. */
export function diffusionMetadata({
  levels,
  betas,
  prediction,
  labelDropout,
}: DiffusionRecipe): Record<string, string> {
  return { [METADATA_KEY]: JSON.stringify({ levels, betas, prediction, labelDropout }) };
}

/**
 * The model in a checkpoint, PyTorch's state dicts included; the width is that of its tensors. What the options say of its training counts,
 * then what its metadata says; without either it is 1,000 levels of linear betas, predicted noise, and unknown label dropout.
 *
 * @throws CheckpointMismatchError, InvalidCheckpointError for metadata of another kind, OptionError
 */
export function loadDiffusion(
  checkpoint: Pick<Checkpoint, "path" | "tensors" | "metadata">,
  { prefix, ...known }: LoadDiffusionOptions = {},
): DiffusionModel {
  const recipe: DiffusionRecipe = { levels: LEVELS, betas: "linear", ...storedRecipe(checkpoint), ...known };
  alphaBarOf(recipe); // Refuses what is no schedule.
  requirePrediction(recipe.prediction);
  const first = `${prefix === undefined ? "" : `${prefix}.`}inc.double_conv.0.weight`;
  const channels = checkpoint.tensors.get(first)?.shape[0] ?? 0;
  const width = channels > 0 && channels % HEADS === 0 ? channels : WIDTH;
  const params = loadParams(unetSpecs({ width }), checkpoint, prefix === undefined ? {} : { prefix });
  return { ...recipe, params };
}

function storedRecipe({ path, metadata }: Pick<Checkpoint, "path" | "metadata">): Partial<DiffusionRecipe> {
  const text = metadata[METADATA_KEY];
  if (text === undefined) return {};
  try {
    const recipe: DiffusionRecipe = JSON.parse(text);
    const { levels, betas, prediction, labelDropout = 0 } = recipe;
    alphaBarOf({ levels, betas });
    requirePrediction(prediction);
    if (levels && betas && labelDropout >= 0 && labelDropout <= 1) return recipe;
  } catch {}
  const expected = 'a text such as {"levels":1000,"betas":"linear","labelDropout":0.1}';
  throw new InvalidCheckpointError(`${path}: metadata "${METADATA_KEY}"`, expected, text);
}
