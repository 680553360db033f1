/** Denoising diffusion implicit models (Song et al. 2021): the predicted noise is kept and made weaker; with eta 0 no other is added. */

import { OptionError } from "@touchstone/nn";
import { between, type Sampler } from "./update.ts";

/** Equations 12 and 16. The noise in x is written as (x - sqrt(alphaBar) x0) / sqrt(1 - alphaBar), so that it agrees with a clipped x0. */
export const ddim: Sampler = (alphaBar, levels, { eta = 0 } = {}) => {
  if (!(eta >= 0 && eta <= 1)) throw new OptionError("eta", "a number in [0, 1]", eta);
  return between(levels, (level, next) => {
    const [now, then] = [alphaBar[level]!, alphaBar[next]!];
    const noise = eta * Math.sqrt(((1 - then) / (1 - now)) * (1 - now / then));
    const kept = Math.sqrt(1 - then - noise ** 2) / Math.sqrt(1 - now);
    return {
      level,
      next,
      x: kept,
      clean: Math.sqrt(then) - kept * Math.sqrt(now),
      earlierClean: 0,
      noise,
    };
  });
};
