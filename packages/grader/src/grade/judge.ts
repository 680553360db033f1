/** What a run is worth: whether it kept its limits, wrote what it should, and how good that is. */

import type { Work } from "@touchstone/cli";
import type { Finding, Metric, Status } from "../results/results.ts";
import type { RunOutcome } from "../run/index.ts";
import type { Output } from "../score/context.ts";
import { score } from "../score/score.ts";
import { checkImages, checkTable, hasErrors } from "../validate/index.ts";
import type { GradeContext } from "./context.ts";
import type { Inputs } from "./inputs.ts";
import { type Job, jobName } from "./jobs.ts";
import { tablePath } from "./request.ts";
import type { JobFolders } from "./workspace.ts";

export interface Judgement {
  status: Status;
  reasons: string[];
  findings: Finding[];
  metrics: Metric[];
}

/** Told when a phase ends, so that its time is taken. */
export type Clock = (phase: string) => void;

/** @throws what is our own fault; the signal's reason */
export async function* judge(
  job: Job,
  outcome: RunOutcome,
  folders: Pick<JobFolders, "output">,
  inputs: Inputs,
  context: GradeContext,
  clock: Clock,
): Work<Judgement> {
  const nothing = { findings: [], metrics: [] };
  if (outcome.verdict !== "ok") {
    // One of our own commands that gives up is no submission's fault.
    const status = job.isBuiltin && outcome.verdict === "crashed" ? "not-gradable" : "failed";
    return { ...nothing, status, reasons: [outcome.detail, ...lastWords(outcome)] };
  }
  const { findings, output } = yield* validate(job, folders, inputs, context);
  clock("validate");
  try {
    if (hasErrors(findings) || output === undefined) {
      const reasons = findings.filter(({ severity }) => severity === "error").map(({ message }) => message);
      return { ...nothing, status: "failed", findings, reasons };
    }
    const metrics = yield* score(job.column.metrics, { ...context, output, run: outcome });
    clock("score");
    return { status: "graded", reasons: [], findings, metrics: [...metrics.values()].flat() };
  } finally {
    if (output?.kind === "images") await output.images.close();
  }
}

/** @throws the system's error where the output cannot be read, which is no fault of the submission */
export async function* validate(
  job: Job,
  folders: Pick<JobFolders, "output">,
  { names, truth }: Inputs,
  { signal }: GradeContext,
): Work<{ findings: Finding[]; output?: Output }> {
  const { output } = job.problem;
  if (output.kind === "csv") {
    const { findings, labels } = await checkTable(tablePath(folders), output, names);
    return { findings, output: { kind: "labels", given: labels, truth } };
  }
  const { findings, images } = yield* checkImages(folders.output, output, signal ? { signal } : {});
  if (!images) return { findings };
  // As progress and messages call it: the folder is a temporary one.
  const named = { ...images, path: `output of ${jobName(job)}` };
  return { findings, output: { kind: "images", images: named, expected: output.count } };
}

/** The end of what it said, which mostly tells why it ended. */
function lastWords({ stderr }: RunOutcome): string[] {
  const line = stderr.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? [] : [`Its last words: ${line.slice(0, 500)}`];
}
