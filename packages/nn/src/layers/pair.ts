/** A size along the height and the width of an image, given as one number where both are the same. */

export type Pair = number | readonly [height: number, width: number];

export function pairOf(size: Pair): [height: number, width: number] {
  return typeof size === "number" ? [size, size] : [...size];
}
