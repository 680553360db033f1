/** Reshaping a transposed tensor without carrying out the transposition. */

import type { Shape } from "./types.ts";

/**
 * A tensor of logical shape `from` is stored with its axes permuted (logical = transpose(stored, perm)) and is to be
 * reshaped to `to`. If every group of axes that the reshape merges or splits is contiguous and in order in storage,
 * the stored tensor can be reshaped instead: the answer says to what, and which permutation is then owed.
 */
export function regroup(
  from: Shape,
  to: Shape,
  perm: readonly number[],
): { stored: number[]; perm: number[] } | undefined {
  const groups = matchGroups(from, to);
  if (!groups) return undefined;
  const placed = groups.map((group) => ({
    ...group,
    places: group.from.filter((i) => from[i] !== 1).map((i) => perm[i]!),
  }));
  // Stored axes of length one lie between others without separating them.
  const length = (place: number): number => from[perm.indexOf(place)]!;
  for (const { places } of placed) {
    for (let i = 1; i < places.length; i++) {
      if (places[i]! <= places[i - 1]!) return undefined;
      for (let p = places[i - 1]! + 1; p < places[i]!; p++) if (length(p) !== 1) return undefined;
    }
  }
  const order = placed.map((group, i) => ({ group, i, at: group.places[0] ?? -1 }));
  order.sort((a, b) => a.at - b.at || a.i - b.i);
  const stored: number[] = [];
  const owed = Array<number>(to.length);
  for (const { group } of order) {
    for (const axis of group.to) {
      owed[axis] = stored.length;
      stored.push(to[axis]!);
    }
  }
  return { stored, perm: owed };
}

/** Splits both shapes into the shortest runs of axes with equal products. */
function matchGroups(from: Shape, to: Shape): { from: number[]; to: number[] }[] | undefined {
  if (from.includes(0) || to.includes(0)) return undefined;
  const groups: { from: number[]; to: number[] }[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    const group = { from: [] as number[], to: [] as number[] };
    let a = 1;
    let b = 1;
    do {
      if (i < from.length && (a <= b || j >= to.length)) {
        a *= from[i]!;
        group.from.push(i++);
      } else if (j < to.length) {
        b *= to[j]!;
        group.to.push(j++);
      } else return undefined;
    } while (a !== b);
    groups.push(group);
  }
  return groups;
}
