/** Whose points are not the same in two gradings, by how much, and why. */

import {
  type Grading,
  type Metric,
  metricValue,
  oneLine,
  type ProblemResult,
  placeKey,
  shortNumber,
  type Table,
} from "@touchstone/grader";
import { unlike } from "@touchstone/report";

export interface Change {
  id: string;
  before: number | undefined;
  after: number | undefined;
  /** A sentence each, the nearest cause first. */
  why: string[];
}

/** Those of whom anything that points follow from has changed. */
export function changesOf(
  before: ReadonlyMap<string, Grading>,
  after: ReadonlyMap<string, Grading>,
): Change[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
  return ids.flatMap((id): Change[] => {
    const [old, now] = [before.get(id), after.get(id)];
    const why = old && now ? causes(old, now) : [old ? "not graded any more" : "graded for the first time"];
    const [a, b] = [old?.points?.earned, now?.points?.earned];
    return why.length === 0 && a === b ? [] : [{ id, before: a, after: b, why }];
  });
}

function causes(before: Grading, after: Grading): string[] {
  const old = new Map(before.results.map((result) => [placeKey(result), result]));
  const now = new Map(after.results.map((result) => [placeKey(result), result]));
  const slots = [...new Set([...old.keys(), ...now.keys()])];
  const ofResults = slots.flatMap((slot) => {
    const [a, b] = [old.get(slot), now.get(slot)];
    if (a && b) return resultCauses(a, b);
    return [`${nameOf((a ?? b)!)}: ${a ? "does not count any more" : "counts now"}`];
  });
  const off = ({ points }: Grading) => (points?.deductions ?? []).map(({ label }) => label);
  const deductions = [
    ...off(after)
      .filter((label) => !off(before).includes(label))
      .map((label) => `taken off now: ${label}`),
    ...off(before)
      .filter((label) => !off(after).includes(label))
      .map((label) => `not taken off any more: ${label}`),
  ];
  const causes = [...ofResults, ...deductions];
  const versions = Object.keys({ ...before.environment, ...after.environment }).filter(
    (key) => before.environment[key] !== after.environment[key],
  );
  if (causes.length === 0) return [];
  return [
    ...causes,
    ...versions.map(
      (key) => `${key}: ${before.environment[key] ?? "none"}, then ${after.environment[key] ?? "none"}`,
    ),
  ];
}

function resultCauses(before: ProblemResult, after: ProblemResult): string[] {
  const name = nameOf(after);
  const status =
    before.status === after.status
      ? []
      : [`${name}: ${before.status}, then ${after.status}${reason(after) ?? reason(before) ?? ""}`];
  const metrics = after.metrics
    .filter(({ part }) => part === undefined)
    .flatMap((metric) => {
      const old = before.metrics.find(({ name }) => name === metric.name);
      return old ? metricCauses(name, old, metric) : [];
    });
  const pointsOf = ({ points }: ProblemResult) => points.reduce((sum, { earned }) => sum + earned, 0);
  const lines = after.points.filter(
    ({ label, because, possible }) =>
      !before.points.some(
        (old) =>
          old.label === label && old.possible === possible && expression(old.because) === expression(because),
      ),
  );
  const rubric = lines.map(({ label, because }) => `${name}: ${label}: ${because}`);
  const isMoved = pointsOf(before) !== pointsOf(after);
  const isOther = before.key !== after.key && (status.length > 0 || metrics.length > 0 || isMoved);
  return [
    ...status,
    ...metrics,
    ...rubric,
    ...(isOther
      ? [`${name}: another submission, assignment, data or version (key ${after.key.slice(0, 12)})`]
      : []),
  ];
}

function metricCauses(name: string, before: Metric, after: Metric): string[] {
  const conditions = unlike(before, after);
  if (conditions.length > 0)
    return [`${name}: ${after.label} was measured otherwise (${conditions.join("; ")})`];
  if (before.value === after.value) return [];
  const text = ({ value, unit, problem }: Metric) =>
    value === null ? (problem ?? "none") : metricValue(value, unit);
  return [`${name}: ${after.label} ${text(before)}, then ${text(after)}`];
}

/** Of a line of points without the numbers that were put in. */
const expression = (because: string) => because.replace(/: [\w]+ = .*$/s, "");

const reason = ({ status, reasons }: ProblemResult) =>
  status === "graded" || reasons[0] === undefined ? undefined : ` (${reasons[0]})`;

const nameOf = ({ problem, column }: ProblemResult) =>
  column === undefined ? problem : `${problem}, ${column}`;

export function diffTable(changes: readonly Change[], count: number): Table {
  const number = (value: number | undefined) =>
    value === undefined ? undefined : { text: shortNumber(value) };
  const shift = ({ before, after }: Change) => {
    if (before === undefined || after === undefined) return undefined;
    const change = after - before;
    return { text: change > 0 ? `+${shortNumber(change)}` : shortNumber(change) };
  };
  const right = (title: string) => ({ title, align: "right" as const });
  const left = (title: string) => ({ title, align: "left" as const });
  return {
    title: `${changes.length} of ${count} have changed`,
    columns: [left("student"), right("before"), right("after"), right("change"), left("why")],
    rows: changes.map((change) => ({
      kind: "result",
      cells: [
        { text: change.id },
        number(change.before),
        number(change.after),
        shift(change),
        { text: oneLine(change.why.join("; "), 280) },
      ],
    })),
    notes: [],
  };
}
