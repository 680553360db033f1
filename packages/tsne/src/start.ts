/** Where the descent begins: all points close together, so that every pair can still pass. */

import type { Generator } from "@touchstone/nn";
import { principalComponents } from "./principal-components.ts";
import type { Workspace } from "./workspace.ts";

const DEVIATION = 1e-4;
/** Of the first component's variance: less is rounding. */
const NO_VARIANCE = 1e-10;

export function placeAtRandom({ x, y, count }: Workspace, generator: Generator): void {
  x.set(generator.normal(count).map((z) => DEVIATION * z));
  y.set(generator.normal(count).map((z) => DEVIATION * z));
}

/** By the main components of `points`, whose rows hold `dims` numbers. Points on a line have one: they start beside it, at random. */
export function placeByComponents(workspace: Workspace, dims: number, generator: Generator): void {
  const { x, y, points, count, width } = workspace;
  const [first, second] = principalComponents(points, count, width, dims, generator);
  const deviation = Math.sqrt(meanSquare(first));
  x.set(first.map((score) => (DEVIATION * score) / deviation));
  if (meanSquare(second) > NO_VARIANCE * deviation ** 2) {
    y.set(second.map((score) => (DEVIATION * score) / deviation));
  } else {
    y.set(generator.normal(count).map((z) => DEVIATION * z));
  }
}

const meanSquare = (values: Float64Array) => values.reduce((sum, v) => sum + v * v, 0) / values.length;
