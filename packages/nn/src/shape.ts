/** Shapes, and checks of them whose message says what was expected and what was found. */

import { ShapeError } from "./errors.ts";

/** An exact length for each axis, or the name of an axis of any length: `["b", "h", "w", 3]`. */
export type ShapePattern = readonly (number | string)[];

/** @throws ShapeError */
export function requireShape(what: string, shape: readonly number[], pattern: ShapePattern): void {
  const fits =
    shape.length === pattern.length &&
    pattern.every((length, axis) => typeof length === "string" || length === shape[axis]);
  if (!fits) throw new ShapeError(what, `[${pattern.join(", ")}]`, shape);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
