/** Reads everything that is there of a data set, and says what is wrong with it. */

import type { Work } from "@touchstone/cli";
import { DatasetError } from "../errors.ts";
import { WrongDatasetError } from "./errors.ts";
import type { DataFolder } from "./folders.ts";
import { type Place, placesOf, type Split } from "./places.ts";
import { SPLITS } from "./splits.ts";

export interface Finding {
  split: string;
  kind: Place<unknown>["kind"];
  path: string;
  /** How many images were read; undefined if they could not all be. */
  count?: number;
  /** What is wrong; undefined if nothing is. */
  problem?: string;
}

/**
 * Decodes every image in every place of these splits, checks archives and packages by their checksums, and counts.
 *
 * @param splits keys of `SPLITS`
 * @returns one finding for each place; none for a split that is nowhere
 */
export async function* verifySplits(
  splits: readonly string[],
  folders: readonly DataFolder[],
  signal?: AbortSignal,
): Work<Finding[]> {
  const findings: Finding[] = [];
  const work = splits.flatMap((name) => {
    const split = SPLITS[name]!;
    return placesOf(split, folders).map((place) => ({ name, split, place }));
  });
  for (const [done, { name, split, place }] of work.entries()) {
    yield { label: "verifying", done, total: work.length, unit: "places", details: { now: name } };
    const { kind, path } = place;
    try {
      findings.push({ split: name, kind, path, count: await checkPlace(split, place, signal) });
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      findings.push({ split: name, kind, path, problem: error.message });
    }
  }
  return findings;
}

/** How many images there are. @throws WrongDatasetError if it is the wrong number; what reading them throws */
export async function checkPlace(
  { count, stored }: Split<{ count: number }>,
  { path, read }: Pick<Place<{ count: number }>, "path" | "read">,
  signal?: AbortSignal,
): Promise<number> {
  const found = await read({ ...(stored && { expectedSize: stored }), ...(signal && { signal }) });
  if (count === undefined || found.count === count) return found.count;
  throw new WrongDatasetError(path, `${count} images`, String(found.count));
}
