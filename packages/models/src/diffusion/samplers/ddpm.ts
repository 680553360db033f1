/** Ancestral sampling (Ho et al. 2020): each step draws from the posterior of the lower level, given x and the predicted image. */

import { between, type Sampler } from "./update.ts";

/**
 * Mean and variance are those of equation 7. Where levels are left out, beta is that of the whole stride (Nichol and Dhariwal 2021,
 * section 4).
 */
export const ddpm: Sampler = (alphaBar, levels) =>
  between(levels, (level, next) => {
    const [now, then] = [alphaBar[level]!, alphaBar[next]!];
    const alpha = now / then;
    const beta = 1 - alpha;
    return {
      level,
      next,
      x: (Math.sqrt(alpha) * (1 - then)) / (1 - now),
      clean: (Math.sqrt(then) * beta) / (1 - now),
      earlierClean: 0,
      noise: Math.sqrt(((1 - then) / (1 - now)) * beta),
    };
  });
