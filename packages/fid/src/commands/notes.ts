/** What a reader of the figures should know before judging by them. */

import { printable } from "@touchstone/cli";
import type { Comparison } from "../compare/index.ts";
import type { FeatureSet } from "../sets/index.ts";

/** A covariance of 2,048 features has full rank only from here on, and the bias of FID is largest below. */
const ENOUGH_FOR_FID = 2048;

/**
 * One sentence or more each.
 *
 * @param sets that were compared  @param name of the distance  @param force protocols were not required to agree
 */
export function notesOf(
  sets: readonly FeatureSet[],
  comparison: Comparison,
  name: string,
  force = false,
): string[] {
  const counts = sets.map(({ statistics }) => statistics.n).filter((n) => n !== undefined);
  const fewest = Math.min(...counts);
  const notes: string[] = [];
  if ((comparison.distance ?? comparison.float32) && fewest < ENOUGH_FOR_FID) {
    notes.push(
      `${name} grows as n falls (its bias goes as 1/n), and ${fewest.toLocaleString("en")} images are few: compare it only with ` +
        `distances of as many images. ${insteadOfDistance(sets, comparison)}`,
    );
  }
  if (sets.some(({ fingerprint }) => fingerprint === undefined)) {
    notes.push(
      "Statistics of another program do not say how they were computed: whether the protocols agree is for you to know.",
    );
  }
  if (force) notes.push("Protocols were not required to agree (--force).");
  return notes;
}

function insteadOfDistance(sets: readonly FeatureSet[], { kid }: Comparison): string {
  if (kid) return "Judge by KID, which has no such bias.";
  const without = sets.filter(({ features, fromImages }) => !features && !fromImages);
  if (without.length === 0) return "Ask for --metrics fid,kid: KID has no such bias.";
  const files = without.map(({ path }) => printable(path)).join(" and ");
  return `KID, which has no such bias, takes the images, or features of all of them, in place of ${files}.`;
}
