/** The Wilson score interval of a proportion (Wilson 1927): it keeps its coverage for few trials and near 0 and 1. */

export interface Interval {
  low: number;
  high: number;
}

/** 97.5 % quantile of the standard normal distribution: a two-sided 95 % interval. */
const Z = 1.959963984540054;

/**
 * The 95 % interval of the probability of success after `successes` of `trials`, within [0, 1]; without trials, all of it.
 * (p + z^2/2n +- z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n)
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const p = successes / trials;
  const z2n = Z ** 2 / trials;
  const centre = p + z2n / 2;
  const half = Z * Math.sqrt((p * (1 - p)) / trials + z2n / (4 * trials));
  return {
    low: successes === 0 ? 0 : (centre - half) / (1 + z2n),
    high: successes === trials ? 1 : (centre + half) / (1 + z2n),
  };
}
