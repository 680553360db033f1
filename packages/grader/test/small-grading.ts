/** For tests: the small assignment of fixtures/grading, and gradings with it in a folder that vanishes. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { follow, type Work } from "@touchstone/cli";
import { temporaryFolder } from "../../datasets/test/image-files.ts";
import { type Assignment, parseAssignment } from "../src/assignment/index.ts";
import type { GradeContext } from "../src/grade/context.ts";
import { openRecords } from "../src/records/index.ts";
import { openReferences, type ReferenceOptions } from "../src/score/references.ts";

export const SMALL = fileURLToPath(new URL("../../../fixtures/grading", import.meta.url));

/** @param change of its text */
export function smallAssignment(change: (yaml: string) => string = (yaml) => yaml): Assignment {
  const file = join(SMALL, "assignment.yaml");
  return parseAssignment(change(readFileSync(file, "utf8")), file);
}

export const submissionOf = (name: "good" | "worse") => join(SMALL, "submissions", name);

export const referencesOf = (options: Partial<ReferenceOptions> = {}) =>
  openReferences({ base: SMALL, ...options });

export function contextOf(more: Partial<GradeContext> = {}): GradeContext {
  const results = more.results ?? join(temporaryFolder(), "results");
  return {
    results,
    records: openRecords(results),
    references: referencesOf(),
    submission: { id: "good", path: submissionOf("good") },
    hidden: [],
    readable: [],
    env: {},
    device: "cpu",
    seed: 0,
    offline: true,
    fresh: false,
    ...more,
  };
}

/** The result of long work, without showing it. */
export const done = <T>(work: Work<T>): Promise<T> => follow(work, { show: () => {}, end: () => {} });
