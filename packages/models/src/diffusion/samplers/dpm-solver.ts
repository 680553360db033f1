/** DPM-Solver++(2M) (Lu et al. 2022, "DPM-Solver++", algorithm 2): the diffusion's differential equation, solved to second order. */

import { between, type Sampler } from "./update.ts";

/**
 * In lambda = log(sqrt(alphaBar) / sqrt(1 - alphaBar)) the equation is linear but for x0, which is extrapolated from the last two
 * predictions. The first step has only one. Nor has the last step more: it goes to lambda = infinity, where x is x0.
 */
export const dpmSolver: Sampler = (alphaBar, levels) => {
  const lambda = (level: number) => Math.log(alphaBar[level]! / (1 - alphaBar[level]!)) / 2;
  return between(levels, (level, next, i) => {
    const h = lambda(next) - lambda(level);
    const clean = -Math.sqrt(alphaBar[next]!) * Math.expm1(-h);
    const isFirstOrder = i === 0 || next === 0;
    const extrapolated = isFirstOrder ? 0 : h / (lambda(level) - lambda(levels[i - 1]!)) / 2;
    return {
      level,
      next,
      x: Math.sqrt((1 - alphaBar[next]!) / (1 - alphaBar[level]!)),
      clean: clean * (1 + extrapolated),
      earlierClean: -clean * extrapolated,
      noise: 0,
    };
  });
};
