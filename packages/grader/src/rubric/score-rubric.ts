/** `scoreRubric(rubric, outcome)`: the points of each line. */

import { firstLine } from "@touchstone/cli";
import { baselinesOf, type MetricSpec, type RubricLine } from "../assignment/index.ts";
import type { Metric, PointsLine, Status } from "../results/results.ts";

/** What became of a run, as far as points follow from it. */
export interface RubricInput {
  status: Status;
  /** Why it failed or cannot be graded. */
  reasons: readonly string[];
  /** What was computed. */
  metrics: readonly Metric[];
  /** What the assignment asks for: baselines are from here. */
  specs: readonly MetricSpec[];
  /** Wall clock of the run, and its limit. */
  seconds?: number;
  limit?: number;
}

/**
 * A failed run earns nothing; one that cannot be graded leaves all lines undecided; and a line over a value that could not be computed
 * is undecided, too: whatever is not the submission's fault takes no points.
 */
export function scoreRubric(rubric: readonly RubricLine[], input: RubricInput): PointsLine[] {
  const values = valuesOf(input);
  return rubric.map((line): PointsLine => {
    const { label, points, earned } = line;
    const none = { label, earned: 0, possible: points, because: earned.text };
    if (input.status === "failed") {
      return { ...none, because: `${earned.text}: ${input.reasons[0] ?? "the run failed"}` };
    }
    if (input.status === "not-gradable") {
      return { ...none, undecided: input.reasons[0] ?? "the run could not be graded" };
    }
    return scoreLine(line, none, values);
  });
}

type Values = ReadonlyMap<string, number | { missing: string }>;

function scoreLine({ points, earned }: RubricLine, none: PointsLine, values: Values): PointsLine {
  const known: Record<string, number> = {};
  for (const name of earned.names) {
    const value = values.get(name) ?? { missing: `${name} was not computed` };
    if (typeof value === "object") return { ...none, undecided: value.missing };
    known[name] = value;
  }
  const because = [
    earned.text,
    Object.entries(known)
      .map(([name, value]) => `${name} = ${figure(value)}`)
      .join(", "),
  ]
    .filter((part) => part !== "")
    .join(": ");
  const result = earned.evaluate(known);
  if (typeof result === "boolean") return { ...none, earned: result ? points : 0, because };
  if (!Number.isFinite(result)) return { ...none, because, undecided: `the expression gives ${result}` };
  return { ...none, earned: Math.min(Math.max(result, 0), points), because };
}

function valuesOf({ metrics, specs, seconds, limit }: RubricInput): Values {
  const values = new Map<string, number | { missing: string }>(Object.entries(baselinesOf(specs)));
  const put = (name: string, value: number | null | undefined, why: string) =>
    values.set(name, typeof value === "number" && Number.isFinite(value) ? value : { missing: why });
  put("seconds", seconds, "the time of the run is not known");
  put("limit", limit, "the limit of the run is not known");
  for (const { name, value, problem } of metrics) {
    put(
      name,
      value,
      `${name} could not be computed${problem === undefined ? "" : `: ${firstLine(problem)}`}`,
    );
  }
  return values;
}

/** Six significant digits: a value near a baseline must not look like one on its other side. */
function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}
