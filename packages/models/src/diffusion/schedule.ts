/** How much noise there is at each level of the diffusion, and which levels a sampler passes. In float64: samplers take differences of it. */

import { OptionError } from "@touchstone/nn";

/**
 * How the share of noise grows from level to level. `linear` is Ho et al. 2020 (beta from 1e-4 to 0.02, made for 1,000 levels: of half as
 * many, the last one still shows some of the image); `cosine` is Nichol and Dhariwal 2021, equation 17, for any number of levels.
 */
export type Betas = "linear" | "cosine";

export interface ScheduleOptions {
  /** Default "linear". */
  betas?: Betas;
  /** T: levels of noise. Default 1000. */
  levels?: number;
}

/** The paper's. */
export const LEVELS = 1000;
/** Beyond it alphaBar becomes too small for float32. */
const MOST_LEVELS = 10_000;
/** Nichol and Dhariwal's: without it the last level of the cosine has no image at all, and its first too little noise. */
const COSINE_OFFSET = 0.008;
const LARGEST_BETA = 0.999;

/**
 * alphaBar, [T + 1]: the image at level t is sqrt(alphaBar[t]) x + sqrt(1 - alphaBar[t]) noise (Ho et al. 2020, equation 4). Level 0 is the
 * image itself, alphaBar[0] = 1. PyTorch's t, which the network is told, counts from 0: it is the level minus 1.
 *
 * @throws OptionError
 */
export function alphaBarOf({ betas = "linear", levels = LEVELS }: ScheduleOptions = {}): Float64Array {
  if (!Number.isInteger(levels) || levels < 2 || levels > MOST_LEVELS) {
    throw new OptionError("levels", `a whole number, 2 ... ${MOST_LEVELS}`, levels);
  }
  if (!Object.hasOwn(BETAS, betas)) {
    throw new OptionError("betas", `one of ${Object.keys(BETAS).join(", ")}`, betas);
  }
  const betaAt = BETAS[betas];
  const alphaBar = new Float64Array(levels + 1).fill(1);
  for (let t = 1; t <= levels; t++) alphaBar[t] = alphaBar[t - 1]! * (1 - betaAt(t, levels));
  return alphaBar;
}

const BETAS: Record<Betas, (level: number, levels: number) => number> = {
  linear: (level, levels) => 1e-4 + (0.02 - 1e-4) * ((level - 1) / (levels - 1)),
  cosine(level, levels) {
    const f = (t: number) =>
      Math.cos(((t / levels + COSINE_OFFSET) / (1 + COSINE_OFFSET)) * (Math.PI / 2)) ** 2;
    return Math.min(1 - f(level) / f(level - 1), LARGEST_BETA);
  },
};

export const BETAS_NAMES = Object.keys(BETAS) as Betas[];

/**
 * The levels that a sampler passes in so many steps, evenly spaced from T (all noise) to 0 (the image): [steps + 1]. Lin et al. 2024
 * ("Common Diffusion Noise Schedules and Sample Steps are Flawed") call it trailing: it begins where there is nothing but noise, as the
 * first sample is.
 *
 * @throws OptionError
 */
export function levelsPassed(levels: number, steps: number): number[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > levels) {
    throw new OptionError("steps", `a whole number, 1 ... ${levels} (the levels of noise)`, steps);
  }
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((levels * (steps - i)) / steps));
}
