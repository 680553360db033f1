/** The two main principal components, by subspace iteration: exact enough to begin with. */

import type { Generator } from "@touchstone/nn";

const MAX_STEPS = 100;
/** Of the variance that the components explain, from one step to the next. */
const TOLERANCE = 1e-7;
/** A shorter axis is rounding: the largest coordinate of the points is 1. */
const ROUNDING = 1e-10;

type Pair = [Float64Array, Float64Array];

/**
 * Scores on the two main components of `points`, `[count, width]`, which are centred and have 1 as their largest magnitude.
 * Their signs are those with which a component's largest loading is positive.
 *
 * @param dims how many numbers of a row count
 * @returns `[count]` each; where the points lie on a line, the second is zero but for rounding
 */
export function principalComponents(
  points: Float32Array,
  count: number,
  width: number,
  dims: number,
  generator: Generator,
): Pair {
  const axes: Pair = [Float64Array.from(generator.normal(dims)), Float64Array.from(generator.normal(dims))];
  const scores: Pair = [new Float64Array(count), new Float64Array(count)];
  orthonormalise(axes);
  project(points, width, axes, scores);
  let explained = 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    combine(points, width, scores, axes);
    orthonormalise(axes);
    project(points, width, axes, scores);
    const before = explained;
    explained = dot(scores[0], scores[0]) + dot(scores[1], scores[1]);
    if (explained - before <= TOLERANCE * explained) break;
  }
  // Within the plane that was found: the angle that makes the scores uncorrelated, the larger variance first.
  const [a, b] = scores;
  const angle = Math.atan2(2 * dot(a, b), dot(a, a) - dot(b, b)) / 2;
  rotate(scores, angle);
  rotate(axes, angle);
  for (const [k, axis] of axes.entries()) {
    const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) scale(scores[k]!, -1);
  }
  return scores;
}

/** Gram and Schmidt. A second axis that differs from the first by rounding alone becomes zero. */
function orthonormalise([first, second]: Pair): void {
  normalise(first);
  normalise(second);
  const along = dot(first, second);
  for (let j = 0; j < second.length; j++) second[j]! -= along * first[j]!;
  normalise(second);
}

function normalise(values: Float64Array): void {
  const norm = Math.sqrt(dot(values, values));
  scale(values, norm > ROUNDING ? 1 / norm : 0);
}

function rotate([first, second]: Pair, angle: number): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i]!, second[i]!];
    first[i] = cos * a + sin * b;
    second[i] = cos * b - sin * a;
  }
}

/** scores = points . axes */
function project(points: Float32Array, width: number, [first, second]: Pair, scores: Pair): void {
  for (let i = 0; i < scores[0].length; i++) {
    let a = 0;
    let b = 0;
    for (let j = 0; j < first.length; j++) {
      const value = points[i * width + j]!;
      a += value * first[j]!;
      b += value * second[j]!;
    }
    scores[0][i] = a;
    scores[1][i] = b;
  }
}

/** axes = points^T . scores */
function combine(points: Float32Array, width: number, scores: Pair, [first, second]: Pair): void {
  first.fill(0);
  second.fill(0);
  for (let i = 0; i < scores[0].length; i++) {
    const a = scores[0][i]!;
    const b = scores[1][i]!;
    for (let j = 0; j < first.length; j++) {
      const value = points[i * width + j]!;
      first[j]! += value * a;
      second[j]! += value * b;
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function scale(values: Float64Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
}
