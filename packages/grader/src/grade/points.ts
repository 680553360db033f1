/** Points and other people's figures of a result: what follows from the assignment alone, and may change without a new run. */

import type { Assignment } from "../assignment/index.ts";
import { publishedFigures } from "../assignment/index.ts";
import type { Grading, Metric, ProblemResult, Total } from "../results/results.ts";
import { deduct, scoreRubric, totalPoints } from "../rubric/index.ts";
import type { Job } from "./jobs.ts";

export function withPoints(result: ProblemResult, { problem, column, variant }: Job): ProblemResult {
  const place = { variant, ...(column.name !== undefined && { column: column.name }) };
  const { status, reasons, run } = result;
  const metrics = result.metrics.map((metric): Metric => {
    const { published: _, ...rest } = metric;
    const published = { ...publishedFigures(problem, metric.name, place), ...baselines(column, metric.name) };
    return { ...rest, ...(Object.keys(published).length > 0 && { published }) };
  });
  const points = scoreRubric(column.rubric, {
    status,
    reasons,
    metrics,
    specs: column.metrics,
    limit: problem.limits.wallSeconds,
    ...(run && { seconds: run.wallSeconds }),
  });
  const byHand = problem.report;
  return { ...result, title: problem.title, metrics, points, ...(byHand.length > 0 && { byHand }) };
}

function baselines({ metrics }: Job["column"], name: string): Record<string, number> {
  const own = metrics.find((spec) => spec.name === name)?.baselines ?? {};
  return Object.fromEntries(Object.entries(own).map(([baseline, value]) => [`${baseline} baseline`, value]));
}

export type Deductions = Total["given"];

/** @throws UnknownPenaltyError */
export function totalOf(results: Grading["results"], assignment: Assignment, given: Deductions): Total {
  const { earned, possible, undecided } = totalPoints(results.flatMap(({ points }) => points));
  const { earned: left, deductions } = deduct(earned, assignment, given);
  return {
    earned: left,
    possible,
    open: undecided,
    deductions: deductions.map(({ label, points }) => ({ label, points })),
    given,
  };
}
