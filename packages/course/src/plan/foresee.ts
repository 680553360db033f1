/** Which results a grading would find, and which it would make: by their keys, without running anything. */

import {
  type Assignment,
  type GradeContext,
  type Inputs,
  inputsOf,
  isOf,
  isScorable,
  type Job,
  type Keys,
  keysOf,
  outputFolder,
  type Slot,
  slotOf,
} from "@touchstone/grader";
import type { Errand } from "./plan.ts";

export type Prospect =
  /** There is a result, and nothing that it follows from has changed. */
  | "reused"
  /** There is a result by another reference, labels or metrics, and what the same run made: that is scored again, and nothing runs. */
  | "scored"
  /** There is a result of something else: another submission, command, limit or version. */
  | "again"
  | "new"
  /** What it is asked of is not there, such as test images. */
  | "not gradable";

export interface Foreseen extends Errand {
  /** By the job's name without the variant: `p1`, `p3, svhn`. */
  prospects: readonly { job: string; prospect: Prospect }[];
}

/**
 * Reads all of every submission, as its content is a part of the key. A submission of which the copy that runs lacks something (a link out of
 * its folder) may be foretold as `again` and then be found.
 *
 * @throws what reading submissions throws
 */
export async function* foresee(
  { problems }: Assignment,
  graded: readonly Errand[],
  jobs: readonly Job[],
  context: Omit<GradeContext, "submission">,
): AsyncGenerator<Foreseen> {
  const inputs = new Map<Job, Inputs | undefined>();
  const wanted = problems.flatMap(({ id }) => jobs.filter(({ problem }) => problem.id === id));
  for (const errand of graded) {
    const submission = { id: errand.id, path: errand.folder };
    const { records } = await context.records.list(errand.id);
    const prospects: { job: string; prospect: Prospect }[] = [];
    for (const job of wanted.filter(({ problem }) => errand.problems.includes(problem.id))) {
      if (!inputs.has(job)) inputs.set(job, await inputsOf(job, context.references).catch(() => undefined));
      const own = inputs.get(job);
      if (own === undefined) {
        prospects.push({ job: shortName(job), prospect: "not gradable" });
        continue;
      }
      const folders = { root: errand.folder, submission: errand.folder, output: errand.folder };
      const keys = await keysOf(job, [], folders, own, { ...context, submission });
      const slot = slotOf(job, { submission });
      const prospect = context.fresh ? undefined : await found(slot, keys, context);
      const isKnown = records.some(({ result }) => isOf(result, slot));
      prospects.push({ job: shortName(job), prospect: prospect ?? (isKnown ? "again" : "new") });
    }
    yield { ...errand, prospects };
  }
}

async function found(
  slot: Slot,
  { runKey, key }: Keys,
  { records, results }: Pick<GradeContext, "records" | "results">,
): Promise<"reused" | "scored" | undefined> {
  if (await records.find(slot, key)) return "reused";
  const earlier = await records.findRun(slot, runKey);
  return earlier && isScorable(earlier.result, outputFolder(results, slot, runKey)) ? "scored" : undefined;
}

const shortName = (job: Job) =>
  job.column.name === undefined ? job.problem.id : `${job.problem.id}, ${job.column.name}`;
