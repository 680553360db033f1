/** What a step of any sampler is. */

/**
 * One step: x at `level` becomes
 *
 *     x * x(level) + clean * x0 + earlierClean * (x0 of the step before) + noise * z
 *
 * at level `next`, where x0 = (x(level) - sqrt(1 - alphaBar) epsilon) / sqrt(alphaBar) is the image that the network predicts and z is
 * standard normal. Every sampler here has this form, so that one compiled function serves them all.
 */
export interface Update {
  level: number;
  next: number;
  x: number;
  clean: number;
  earlierClean: number;
  noise: number;
}

export interface SamplerOptions {
  /** Of ddim: how much noise each step adds, from 0 (none) to 1 (as much as ddpm). Default 0. */
  eta?: number;
}

/** The steps between neighbours in `levels`, which fall to 0. @param alphaBar [T + 1] */
export type Sampler = (
  alphaBar: Float64Array,
  levels: readonly number[],
  options?: SamplerOptions,
) => Update[];

/** `f` of each pair of neighbours. */
export function between(
  levels: readonly number[],
  f: (level: number, next: number, i: number) => Update,
): Update[] {
  return levels.slice(1).map((next, i) => f(levels[i]!, next, i));
}
