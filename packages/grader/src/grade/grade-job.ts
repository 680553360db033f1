/** One job from its command to its points: copied, run, validated, scored, recorded. */

import { existsSync } from "node:fs";
import { ExitCode, exitCodeOf, printable, type Work } from "@touchstone/cli";
import { removeFolder } from "../files/remove-folder.ts";
import { type ProblemRecord, RecordWriteError, type Slot } from "../records/index.ts";
import type { Finding, ProblemResult } from "../results/results.ts";
import { type RunOutcome, run } from "../run/index.ts";
import { copySubmission, type LeftOut } from "../submission/index.ts";
import { checkpointsOf } from "./builtin.ts";
import { BUILTIN, type GradeContext } from "./context.ts";
import { environment } from "./environment.ts";
import { MissingCheckpointError } from "./errors.ts";
import { inputsOf } from "./inputs.ts";
import { type Job, jobName } from "./jobs.ts";
import { judge } from "./judge.ts";
import { type Keys, keysOf } from "./key.ts";
import { outputFolder } from "./output-folder.ts";
import { withPoints } from "./points.ts";
import { commandOf, requestOf } from "./request.ts";
import { completed, isScorable, isUnfinished } from "./score-again.ts";
import { ticking } from "./ticking.ts";
import { type JobFolders, keepOutput, openFolders } from "./workspace.ts";

/**
 * What goes wrong on our side is the result's reason, and takes no points; such a result is not kept.
 *
 * @throws the signal's reason; RecordWriteError
 */
export async function* gradeJob(job: Job, context: GradeContext): Work<ProblemResult> {
  const draft: Draft = { phases: {}, findings: [], ...NO_KEYS };
  let folders: JobFolders | undefined;
  try {
    folders = await openFolders(context.results);
    return withPoints(yield* gradeIn(folders, job, context, draft), job);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (error instanceof RecordWriteError) throw error;
    // A submission that is too large to be copied is its student's.
    const status = exitCodeOf(error) === ExitCode.submission ? "failed" : "not-gradable";
    return withPoints(resultOf(job, draft, { status, reasons: [reasonOf(error)] }), job);
  } finally {
    if (folders) await removeFolder(folders.root);
  }
}

/** What is known of a result before it is one. */
interface Draft extends Keys {
  phases: Record<string, number>;
  findings: Finding[];
  run?: RunOutcome;
}

async function* gradeIn(
  folders: JobFolders,
  job: Job,
  context: GradeContext,
  draft: Draft,
): Work<ProblemResult> {
  const { results, records, submission, containment } = context;
  const clock = stopwatch(draft.phases);
  const inputs = await inputsOf(job, context.references);
  const words = commandOf(job, folders, inputs);
  const absent = job.isBuiltin ? checkpointsOf(words).find((file) => !existsSync(file)) : undefined;
  if (absent !== undefined) throw new MissingCheckpointError(absent);
  if (submission) {
    const { leftOut } = await copySubmission(submission.path, folders.submission, { except: results });
    draft.findings = leftOutFinding(leftOut);
  }
  Object.assign(draft, await keysOf(job, words, folders, inputs, context));
  clock("copy");

  const slot = slotOf(job, context);
  const output = outputFolder(results, slot, draft.runKey);
  const known = context.fresh ? undefined : await records.find(slot, draft.key);
  if (known && !isUnfinished(known.result)) return known.result;
  const earlier = known ?? (context.fresh ? undefined : await records.findRun(slot, draft.runKey));
  /** @param ranOn a run's seconds tell of the machine that it ran on */
  const save = async (result: ProblemResult, ranOn: ProblemRecord["environment"]) => {
    if (result.status === "not-gradable") return;
    await records.save({ submission: slot.submission, environment: ranOn, result });
  };
  if (known && existsSync(output)) {
    const result = yield* completed(known.result, job, { output }, inputs, context);
    if (result !== known.result) await save(result, known.environment);
    return result;
  }

  const judged = async function* (outcome: RunOutcome, made: string): Work<ProblemResult> {
    const judgement = yield* judge(job, outcome, { output: made }, inputs, context, clock);
    const findings = [...judgement.findings, ...draft.findings];
    return resultOf(job, draft, { ...judgement, findings });
  };
  if (earlier && isScorable(earlier.result, output)) {
    draft.run = earlier.result.run!;
    draft.phases.run = earlier.result.phases.run ?? draft.run.wallSeconds;
    clock();
    const result = yield* judged(draft.run, output);
    await save(result, earlier.environment);
    return result;
  }

  const release = yield* waitUntilAlone(job, context);
  clock(); // Of the wait.
  try {
    const running = run(requestOf(job, words, folders, inputs, context), containment ? { containment } : {});
    const outcome = yield* ticking(`${jobName(job)}: running`, job.problem.limits.wallSeconds, running);
    draft.run = { ...outcome, alone: release !== undefined };
  } finally {
    await release?.();
  }
  clock("run");
  const result = yield* judged(draft.run, folders.output);
  // What was broken off tells nothing; what is not as it should be, people want to look at.
  if (draft.run.verdict === "ok") await keepOutput(folders.output, output);
  await save(result, environment());
  return result;
}

/** @returns what gives the device free again; nothing where the job shares it */
async function* waitUntilAlone(
  job: Job,
  context: GradeContext,
): Work<Awaited<ReturnType<NonNullable<GradeContext["alone"]>>> | undefined> {
  if (!job.problem.timed || !context.alone) return undefined;
  const device = job.problem.gpu ? "gpu" : "cpu";
  yield { label: `${jobName(job)}: waiting for the ${device}`, done: 0, unit: "s" };
  return context.alone(device);
}

/** The result of a job that something on our side has kept from being graded. */
export function notGradable(job: Job, reason: string): ProblemResult {
  const draft: Draft = { phases: {}, findings: [], ...NO_KEYS };
  return withPoints(resultOf(job, draft, { status: "not-gradable", reasons: [reason] }), job);
}

export const NO_KEYS: Keys = { runKey: "0".repeat(64), key: "0".repeat(64) };

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

/** Of what nobody threw on purpose, also what kind of error it is. */
function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? error.message : String(error);
}

/** A copy without these is what runs; that may be why it fails. */
function leftOutFinding(leftOut: readonly LeftOut[]): Finding[] {
  if (leftOut.length === 0) return [];
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))].join("; ");
  const files = leftOut.slice(0, 20).map(({ path }) => printable(path));
  const message = `expected files alone in the submission, left out: ${reasons}`;
  return [{ code: "left-out", severity: "warning", message, files, total: leftOut.length }];
}

/** Writes the seconds since the last call under the name of the phase that has ended; those of no phase nowhere. */
function stopwatch(phases: Record<string, number>): (phase?: string) => void {
  let start = performance.now();
  return (phase) => {
    const now = performance.now();
    if (phase !== undefined) phases[phase] = (now - start) / 1000;
    start = now;
  };
}
