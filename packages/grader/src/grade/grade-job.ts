/** One job from its command to its points: copied, run, validated, scored, recorded. */

import { rm } from "node:fs/promises";
import type { Work } from "@touchstone/cli";
import type { Slot } from "../records/index.ts";
import type { Finding, ProblemResult } from "../results/results.ts";
import { type RunOutcome, run } from "../run/index.ts";
import { copySubmission, type LeftOut } from "../submission/index.ts";
import { checkpointsOf } from "./builtin.ts";
import { BUILTIN, type GradeContext } from "./context.ts";
import { environment } from "./environment.ts";
import { inputsOf } from "./inputs.ts";
import { type Job, jobName } from "./jobs.ts";
import { judge } from "./judge.ts";
import { keyOf } from "./key.ts";
import { outputFolder } from "./output-folder.ts";
import { withPoints } from "./points.ts";
import { commandOf, requestOf } from "./request.ts";
import { ticking } from "./ticking.ts";
import { type JobFolders, keepOutput, openFolders } from "./workspace.ts";

/**
 * What goes wrong on our side is the result's reason, and takes no points; such a result is not kept.
 *
 * @throws the signal's reason; RecordWriteError
 */
export async function* gradeJob(job: Job, context: GradeContext): Work<ProblemResult> {
  const draft: Draft = { phases: {}, findings: [], key: "0".repeat(64) };
  let folders: JobFolders | undefined;
  try {
    folders = await openFolders(context.results);
    return withPoints(yield* gradeIn(folders, job, context, draft), job);
  } catch (error) {
    context.signal?.throwIfAborted();
    if ((error as { code?: unknown }).code === "GRADER_RECORD_WRITE") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return withPoints(resultOf(job, draft, { status: "not-gradable", reasons: [reason] }), job);
  } finally {
    if (folders) await rm(folders.root, { recursive: true, force: true });
  }
}

/** What is known of a result before it is one. */
interface Draft {
  phases: Record<string, number>;
  findings: Finding[];
  key: string;
  run?: RunOutcome;
}

async function* gradeIn(
  folders: JobFolders,
  job: Job,
  context: GradeContext,
  draft: Draft,
): Work<ProblemResult> {
  const clock = stopwatch(draft.phases);
  const inputs = await inputsOf(job, context.references);
  const words = commandOf(job, folders, inputs);
  const [absent] = checkpointsOf(words).absent;
  if (job.isBuiltin && absent !== undefined)
    throw new Error(`${absent}: expected trained weights, found nothing there.`);
  if (context.submission) {
    const { leftOut } = await copySubmission(context.submission.path, folders.submission);
    draft.findings = leftOutFinding(leftOut);
  }
  draft.key = await keyOf(job, words, folders, inputs, context);
  clock("copy");

  const slot = slotOf(job, context);
  const known = context.fresh ? undefined : await context.records.find(slot, draft.key);
  if (known) return known.result;

  const { containment } = context;
  const running = run(requestOf(job, words, folders, inputs, context), containment ? { containment } : {});
  draft.run = yield* ticking(`${jobName(job)}: running`, job.problem.limits.wallSeconds, running);
  clock("run");
  const judgement = yield* judge(job, draft.run, folders, inputs, context, clock);
  const findings = [...judgement.findings, ...draft.findings];
  const result = resultOf(job, draft, { ...judgement, findings });
  if (result.status !== "not-gradable") {
    await context.records.save({ submission: slot.submission, environment: environment(), result });
  }
  await keepOutput(folders.output, outputFolder(context.results, slot));
  return result;
}

export function slotOf(
  { problem, variant, column }: Job,
  { submission }: Pick<GradeContext, "submission">,
): Slot {
  return {
    submission: submission?.id ?? BUILTIN,
    problem: problem.id,
    variant,
    ...(column.name !== undefined && { column: column.name }),
  };
}

function resultOf(
  { problem, column, variant }: Job,
  draft: Draft,
  ending: Pick<ProblemResult, "status" | "reasons"> & Partial<ProblemResult>,
): ProblemResult {
  return {
    problem: problem.id,
    title: problem.title,
    variant,
    ...(column.name !== undefined && { column: column.name }),
    metrics: [],
    points: [],
    limitSeconds: problem.limits.wallSeconds,
    ...draft,
    ...ending,
    gradedAt: new Date().toISOString(),
  };
}

/** A copy without these is what runs; that may be why it fails. */
function leftOutFinding(leftOut: readonly LeftOut[]): Finding[] {
  if (leftOut.length === 0) return [];
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))].join("; ");
  const files = leftOut.slice(0, 20).map(({ path }) => path);
  const message = `expected files alone in the submission, left out: ${reasons}`;
  return [{ code: "left-out", severity: "warning", message, files, total: leftOut.length }];
}

/** Writes the seconds since the last call under the name of the phase that has ended. */
function stopwatch(phases: Record<string, number>): (phase: string) => void {
  let start = performance.now();
  return (phase) => {
    const now = performance.now();
    phases[phase] = (now - start) / 1000;
    start = now;
  };
}
