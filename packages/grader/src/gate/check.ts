/** Holds a grading against a baseline, and says what that means for the exit code. */

import { ExitCode } from "@touchstone/cli";
import { runName } from "../reporters/format.ts";
import type { Grading, Metric, ProblemResult } from "../results/results.ts";
import { type Baseline, type BaselineEntry, keyOf, type MetricId, nameOf } from "./baseline.ts";
import { type Comparison, compare, passing } from "./compare.ts";

export interface GateLine extends Comparison {
  entry: BaselineEntry;
  /** Undefined where the grading has none. */
  metric?: Metric;
  /** Whether this line alone makes the check fail; one of level `warn` never does. */
  fails: boolean;
}

export interface GateReport {
  /** In the baseline's order. */
  lines: GateLine[];
  /** Runs without a score, each with its first reason: the submission's fault, or ours. */
  faults: { run: string; status: "failed" | "not-gradable"; reason: string }[];
  /** Metrics that the baseline does not have, and so does not hold. */
  unlisted: string[];
}

export function check(baseline: Baseline, grading: Grading): GateReport {
  const listed = new Set(baseline.metrics.map(keyOf));
  const lines = baseline.metrics.map((entry): GateLine => {
    const result = grading.results.find((candidate) => isSameRun(candidate, entry));
    const metric = result?.metrics.find(({ name }) => name === entry.metric);
    const comparison = judge(entry, result, metric);
    const fails = entry.level === "error" && !passing.has(comparison.verdict);
    return { entry, ...(metric ? { metric } : {}), ...comparison, fails };
  });
  const faults = grading.results.flatMap(({ status, problem, reasons, ...run }) =>
    status === "graded"
      ? []
      : [{ run: `${problem}, ${runName(run)}`, status, reason: reasons[0] ?? "No reason was recorded." }],
  );
  const measured = grading.results.flatMap((result) =>
    result.metrics.flatMap(({ name, part }): MetricId[] => (part ? [] : [{ ...result, metric: name }])),
  );
  return { lines, faults, unlisted: measured.filter((id) => !listed.has(keyOf(id))).map(nameOf) };
}

/**
 * 0, 1 (a metric fails), 3 (a submission failed) or 4 (something could not be graded). The larger one counts: where not all of it
 * was measured, nothing is said about the rest.
 */
export function gateExitCode({ lines, faults }: GateReport): number {
  if (faults.some(({ status }) => status === "not-gradable")) return ExitCode.fault;
  if (faults.length > 0) return ExitCode.submission;
  return lines.some(({ fails }) => fails) ? ExitCode.below : ExitCode.ok;
}

function judge(
  entry: BaselineEntry,
  result: ProblemResult | undefined,
  metric: Metric | undefined,
): Comparison {
  if (entry.level === "off") return { verdict: "off", because: "The baseline turns it off." };
  if (result === undefined) return { verdict: "missing", because: "The grading has no such run." };
  if (metric !== undefined) return compare(entry, metric);
  const reasons = {
    graded: "The run has no such metric.",
    failed: "The run failed.",
    "not-gradable": "The run could not be graded.",
  };
  return { verdict: "missing", because: reasons[result.status] };
}

const isSameRun = (result: ProblemResult, { problem, variant, column }: BaselineEntry) =>
  result.problem === problem && result.variant === variant && result.column === column;
