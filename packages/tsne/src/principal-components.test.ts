import { generatorFromSeed } from "@touchstone/nn";
import { expect, it } from "vitest";
import { principalComponents } from "./principal-components.ts";

const SIZE = { count: 64, dims: 12, width: 16 };

/** scores[0] u[0] + scores[1] u[1] + ... along orthonormal directions (columns of a Hadamard matrix): known components. */
function pointsWith(deviations: number[]): { points: Float32Array; scores: number[][] } {
  const sign = (i: number, j: number) => ((popCount(i & j) & 1) === 0 ? 1 : -1);
  const scores = deviations.map((s, k) => Array.from({ length: SIZE.count }, (_, i) => s * sign(i, k + 1)));
  const points = new Float32Array(SIZE.count * SIZE.width);
  for (let i = 0; i < SIZE.count; i++) {
    for (let j = 0; j < 8; j++) {
      const value = scores.reduce((sum, score, k) => sum + (score[i]! * sign(j, k)) / Math.sqrt(8), 0);
      points[i * SIZE.width + j] = value;
    }
  }
  return { points, scores };
}

const popCount = (n: number): number => (n === 0 ? 0 : (n & 1) + popCount(n >> 1));
const components = (points: Float32Array) =>
  principalComponents(points, SIZE.count, SIZE.width, SIZE.dims, generatorFromSeed(0));

it("finds the two of the largest variance, in order", () => {
  const { points, scores } = pointsWith([1, 5, 3, 2]);
  const found = components(points);
  for (const [k, expected] of [scores[1]!, scores[2]!].entries()) {
    const sign = Math.sign(found[k]![0]! * expected[0]!);
    for (const [i, score] of expected.entries()) expect(found[k]![i]).toBeCloseTo(sign * score, 2);
  }
});

it("a second component that is not there is zero", () => {
  const [first, second] = components(pointsWith([4]).points);
  expect(first.every((score) => Math.abs(Math.abs(score) - 4) < 1e-5)).toBe(true);
  expect(second.every((score) => Math.abs(score) < 1e-5)).toBe(true);
});
