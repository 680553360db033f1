/** The program of a slot: grades what its parent sends, one job at a time, and ends with it. */

import type { Progress } from "@touchstone/cli";
import { withEndOfOutput } from "@touchstone/grader";
import { AssignmentChangedError, TaskError } from "../errors.ts";
import { gradeOne, jobsOfTask } from "./grade-one.ts";
import type { Order, Report } from "./protocol.ts";

/** Progress is for people. */
const SHOW_EVERY_MS = 200;
/** When the parent has gone, for what was running to be ended. */
const PATIENCE_MS = 15_000;
/** Kept of what a submission printed. */
const KEPT_LETTERS = 2000;

const parent = process.ppid;
let current: AbortController | undefined;

const say = (report: Report) => {
  if (process.connected) process.send?.(report);
};

process.on("message", (order: Order) => {
  if (order.kind === "stop") current?.abort();
  else void obey(order);
});
process.on("disconnect", () => {
  if (!current) process.exit();
  current.abort();
  setTimeout(() => process.exit(), PATIENCE_MS).unref();
});
// Ctrl-C reaches every process of a terminal; the parent says what is to be done.
process.on("SIGINT", () => {});

async function obey({ task, job: index }: Extract<Order, { kind: "grade" }>): Promise<void> {
  const controller = new AbortController();
  current = controller;
  try {
    const { assignment, jobs } = await jobsOfTask(task);
    const means = { signal: controller.signal, show: throttled(), guard };
    const result = await gradeOne(assignment, jobs[index]!, task, means);
    say({ kind: "result", result: withEndOfOutput(result, KEPT_LETTERS) });
  } catch (error) {
    say(reportOf(error, controller.signal));
  } finally {
    current = undefined;
    if (!process.connected) process.exit();
  }
}

function reportOf(error: unknown, signal: AbortSignal): Report {
  if (signal.aborted) return { kind: "stopped" };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AssignmentChangedError || error instanceof TaskError)
    return { kind: "refused", message };
  return { kind: "error", message };
}

/** Its parent may be gone and another one at work, where this process was too busy to be told. */
function guard(): void {
  if (process.ppid !== parent) process.exit();
}

function throttled(): (progress: Progress) => void {
  let last = { label: "", at: 0 };
  return (progress) => {
    const at = performance.now();
    if (progress.label === last.label && at - last.at < SHOW_EVERY_MS) return;
    last = { label: progress.label, at };
    say({ kind: "progress", progress });
  };
}
