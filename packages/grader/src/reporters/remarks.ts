/** What a reader should know besides the figures: why something failed, and what was odd about the output. */

import type { Grading, ProblemResult } from "../results/results.ts";
import { runName } from "./format.ts";
import { lastLines, listed } from "./text.ts";

export interface Remark {
  severity: "error" | "warning";
  /** `p1, DCGAN`. */
  subject: string;
  /** A sentence, not escaped. */
  text: string;
  /** Files concerned, as one line; empty where there are none. */
  files: string;
  /**
   * The last lines of what the program printed, each after a `|`: what reads a log, GitHub's runner among them, looks for commands at
   * the beginning of a line. Only at the first remark of a run without a score.
   */
  output: string[];
}

export function remarks(grading: Grading): Remark[] {
  return grading.results.flatMap((result) => [...reasonsOf(result), ...findingsOf(result)]);
}

function reasonsOf(result: ProblemResult): Remark[] {
  if (result.status === "graded") return [];
  const prefix =
    result.status === "failed" ? "failed" : "could not be graded, which is not the submission's fault";
  const sentences =
    result.reasons.length > 0 ? result.reasons : [result.run?.detail ?? "no reason was recorded."];
  return sentences.map((sentence, i) => ({
    severity: "error",
    subject: subjectOf(result),
    text: i === 0 ? `${prefix}: ${sentence}` : sentence,
    files: "",
    output: i === 0 ? outputOf(result) : [],
  }));
}

function findingsOf(result: ProblemResult): Remark[] {
  return result.findings.map(({ severity, message, files, total }) => ({
    severity,
    subject: subjectOf(result),
    text: message,
    files: listed(files, total),
    output: [],
  }));
}

/** What was written to stderr tells most; a program that was silent there may have told it on stdout. */
function outputOf({ run }: ProblemResult): string[] {
  if (run === undefined) return [];
  const errors = lastLines(run.stderr);
  return (errors.length > 0 ? errors : lastLines(run.stdout)).map((line) => `| ${line}`);
}

const subjectOf = (result: ProblemResult) => `${result.problem}, ${runName(result)}`;
