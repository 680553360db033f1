import { describe, expect, it } from "vitest";
import { golden, pointsOf, prepared, randomPoints } from "../test/golden.ts";
import { computeGradient } from "./descent.ts";
import { divergenceOf } from "./divergence.ts";
import type { Workspace } from "./workspace.ts";

function gradientOf(workspace: Workspace, exaggeration = 1): Float64Array {
  const gradient = new Float64Array(2 * workspace.count);
  computeGradient(workspace, exaggeration, gradient);
  return gradient;
}

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

describe("scikit-learn's divergence and gradient", () => {
  it.each(golden.affinities)("$count points, perplexity $perplexity", (c) => {
    const workspace = prepared(pointsOf(c), c.perplexity, c.embedding);
    expect(divergenceOf(workspace)).toBeCloseTo(c.divergence, 4);
    const gradient = gradientOf(workspace);
    const scale = largest(c.gradient);
    for (const [i, g] of c.gradient.entries()) expect(Math.abs(gradient[i]! - g)).toBeLessThan(1e-4 * scale);
  });

  it("of the embedding that it ends with", () => {
    const { clusters } = golden;
    const { embedding, divergence } = clusters.exact;
    expect(divergenceOf(prepared(pointsOf(clusters), 30, embedding))).toBeCloseTo(divergence, 4);
  });
});

it("the gradient is the divergence's slope", () => {
  const points = randomPoints(23, 6);
  const workspace = prepared(points, 5, randomPoints(23, 2, 1).data);
  const gradient = gradientOf(workspace);
  const scale = largest(gradient);
  const step = 2 ** -6;
  for (let i = 0; i < points.count; i++) {
    for (const [axis, position] of [workspace.x, workspace.y].entries()) {
      const at = position[i]!;
      const moved = (h: number) => {
        position[i] = at + h;
        return divergenceOf(workspace);
      };
      // The central difference of fourth order.
      const near = (moved(step) - moved(-step)) / (2 * step);
      const far = (moved(2 * step) - moved(-2 * step)) / (4 * step);
      position[i] = at;
      expect(Math.abs((4 * near - far) / 3 - gradient[2 * i + axis]!)).toBeLessThan(1e-5 * scale);
    }
  }
});

it("does not change the sum of the points: the gradients add up to zero", () => {
  const gradient = gradientOf(prepared(randomPoints(101, 6), 20, randomPoints(101, 2, 1).data), 12);
  for (const axis of [0, 1]) {
    const sum = gradient.filter((_, i) => i % 2 === axis).reduce((a, g) => a + g, 0);
    expect(Math.abs(sum)).toBeLessThan(1e-5 * largest(gradient));
  }
});
