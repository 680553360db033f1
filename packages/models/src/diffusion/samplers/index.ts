/** Samplers by name. */

import { UnknownSamplerError } from "../errors.ts";
import { ddim } from "./ddim.ts";
import { ddpm } from "./ddpm.ts";
import { dpmSolver } from "./dpm-solver.ts";
import type { Sampler } from "./update.ts";

export type { Sampler, SamplerOptions, Update } from "./update.ts";

const SAMPLERS = { "dpm-solver": dpmSolver, ddim, ddpm } satisfies Record<string, Sampler>;

export type SamplerName = keyof typeof SAMPLERS;

export const SAMPLER_NAMES = Object.keys(SAMPLERS) as SamplerName[];

/** @throws UnknownSamplerError */
export function samplerNamed(name: string): Sampler {
  if (!Object.hasOwn(SAMPLERS, name)) throw new UnknownSamplerError(name, SAMPLER_NAMES);
  return SAMPLERS[name as SamplerName];
}
