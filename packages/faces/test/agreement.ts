/** How near to face-api's values is near enough. */

import { expect } from "vitest";
import type { Face } from "../src/index.ts";

const TOLERANCE = 1e-4;

/** Scores, and boxes as shares of the image's side, within 1e-4. */
export function expectFaces(found: readonly Face[], expected: readonly number[][], side: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach(({ score, box: { x, y, width, height } }, i) => {
    const [wanted, ...sides] = expected[i]!;
    expect(Math.abs(score - wanted!)).toBeLessThan(TOLERANCE);
    [x, y, width, height].forEach((length, k) => {
      expect(Math.abs(length - sides[k]!) / side).toBeLessThan(TOLERANCE);
    });
  });
}

/** The distance of both is less than 1e-4 of the expected one's length. */
export function expectEmbedding(found: Float32Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const apart = Math.hypot(...expected.map((value, i) => value - found[i]!));
  expect(apart / Math.hypot(...expected)).toBeLessThan(TOLERANCE);
}
