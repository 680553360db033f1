/** Reshaping a value without bringing its stored tensor into order first. */

import type { GraphBuilder } from "../graph/builder.ts";
import type { Shape } from "../graph/types.ts";
import { orderOf, type View } from "./view.ts";

/**
 * The reshaped value as a view of the same elements, or undefined where it cannot be one. Axes that the reshape merges or
 * splits must be contiguous and in order in storage; one that only takes in others whole may keep them apart.
 */
export function reshapeView(g: GraphBuilder, view: View, to: Shape): View | undefined {
  const { axes, factors } = orderOf(view);
  const from = factors.flat(); // lengths of the pieces, in logical order
  const places = axes.flat(); // where each piece is stored
  const groups = matchGroups(from, to);
  if (!groups) return undefined;

  /** For each group its runs: pieces that stay together in storage, and the new axes they become. */
  const runs: { at: number; lengths: number[]; axes: number[] }[] = [];
  for (const [order, group] of groups.entries()) {
    const long = group.from.filter((i) => from[i] !== 1);
    const at = (i: number): number => places[i]!;
    if (isContiguous(long.map(at), view.stored.shape)) {
      const first = long[0] === undefined ? -1 + order / groups.length : at(long[0]);
      runs.push({ at: first, lengths: group.to.map((i) => to[i]!), axes: group.to });
      continue;
    }
    const wide = group.to.filter((i) => to[i] !== 1);
    if (wide.length !== 1) return undefined;
    for (const i of long) runs.push({ at: at(i), lengths: [from[i]!], axes: wide });
    for (const i of group.to)
      if (to[i] === 1) runs.push({ at: -1 + order / groups.length, lengths: [1], axes: [i] });
  }

  runs.sort((a, b) => a.at - b.at);
  const lengths: number[] = [];
  const placed = to.map((): { at: number; from: number }[] => []);
  for (const run of runs) {
    for (const [j, axis] of run.axes.entries()) {
      placed[axis]!.push({ at: lengths.length, from: run.at });
      lengths.push(run.lengths[j]!);
    }
  }
  // A split axis lists its parts outermost first, which is their logical order and not that of storage.
  const logical = (place: number): number => places.indexOf(place);
  const renamed = placed.map((list) =>
    list.length === 1
      ? [list[0]!.at]
      : list.sort((a, b) => logical(a.from) - logical(b.from)).map(({ at }) => at),
  );
  return { stored: g.reshape(view.stored, lengths), axes: renamed };
}

/** Whether stored axes follow each other, apart from axes of length one between them. */
function isContiguous(places: readonly number[], stored: Shape): boolean {
  return places.every((place, i) => {
    const previous = places[i - 1];
    if (previous === undefined) return true;
    return place > previous && stored.slice(previous + 1, place).every((dim) => dim === 1);
  });
}

interface Group {
  from: number[];
  to: number[];
}

/** Splits both shapes into the shortest runs of axes with equal products. */
export function matchGroups(from: Shape, to: Shape): Group[] | undefined {
  if (from.includes(0) || to.includes(0)) return undefined;
  const groups: Group[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    const group: Group = { from: [], to: [] };
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
