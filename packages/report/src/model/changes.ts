/** What is not the same in two gradings, and why as far as the records tell. */

import { plainTable, type Table } from "../table.ts";
import { oneLine } from "../text.ts";
import type { ComparedGrading } from "./comparison.ts";
import type { MetricInput, ResultInput } from "./grading.ts";
import { fullName, unique } from "./names.ts";
import { unlike } from "./unlike.ts";
import { estimateText, hasValue, valueText } from "./values.ts";

/** Status and metrics; those that are equal are left out. Values of unlike protocols have no difference. */
export function changesTable(before: ComparedGrading, after: ComparedGrading): Table {
  const [old, now] = [before, after].map(
    ({ grading }) => new Map(grading.results.map((result) => [slotOf(result), result])),
  ) as [Map<string, ResultInput>, Map<string, ResultInput>];
  const rows = unique([...old.keys(), ...now.keys()]).flatMap((slot) =>
    changesOf(old.get(slot), now.get(slot)),
  );
  const table = plainTable(
    rows.length === 0 ? "Nothing changed" : "Changes",
    ["run", "what", oneLine(before.name, 60), oneLine(after.name, 60), "change", "why"],
    rows,
  );
  const columns = table.columns.map((column, i) =>
    i === 1 || i === 5 ? { ...column, align: "left" as const } : column,
  );
  return { ...table, columns };
}

type Cells = (string | undefined)[];

function changesOf(before: ResultInput | undefined, after: ResultInput | undefined): Cells[] {
  const name = fullName((after ?? before)!);
  if (!before || !after)
    return [[name, "run", before ? "there" : "none", after ? "there" : "none", undefined, undefined]];
  const status: Cells[] =
    before.status === after.status
      ? []
      : [[name, "status", before.status, after.status, undefined, reasonOf(after) ?? reasonOf(before)]];
  const names = unique(
    [...before.metrics, ...after.metrics].filter(({ part }) => !part).map((metric) => metric.name),
  );
  const metrics = names.flatMap((metric): Cells[] => {
    const [a, b] = [before, after].map(({ metrics }) => metrics.find((each) => each.name === metric));
    if (a && b && a.value === b.value && unlike(a, b).length === 0) return [];
    const cells = [a, b].map((each) => (each ? estimateText(each) : "none"));
    return [
      [name, oneLine((b ?? a)!.label, 60), ...cells, ...(a && b ? changeOf(a, b) : [undefined, undefined])],
    ];
  });
  return [...status, ...metrics];
}

/** The difference, and what is to be said of it. */
function changeOf(before: MetricInput, after: MetricInput): [string | undefined, string | undefined] {
  const differences = unlike(before, after);
  if (differences.length > 0) return ["not comparable", `measured otherwise: ${differences.join("; ")}`];
  if (!hasValue(before) || !hasValue(after)) return [undefined, after.problem ?? before.problem];
  const difference = after.value - before.value;
  const isBetter = after.better === "lower" ? difference < 0 : difference > 0;
  const sign = difference > 0 ? "+" : "-";
  const text = `${sign}${valueText(Math.abs(difference), after.unit)}`;
  const verdict = isBetter ? "better" : "worse";
  if (!before.interval || !after.interval) return [text, verdict];
  // The half width of the 95 % interval of the difference of two independent estimates.
  const noise = Math.hypot(halfWidth(before.interval), halfWidth(after.interval));
  return [
    text,
    Math.abs(difference) > noise ? `${verdict}, beyond the noise` : `${verdict}, within the noise`,
  ];
}

const halfWidth = ([low, high]: readonly [number, number]) => (high - low) / 2;

function reasonOf({ status, reasons, run }: ResultInput): string | undefined {
  const reason = status === "graded" ? undefined : (reasons[0] ?? run?.detail);
  return reason === undefined ? undefined : oneLine(reason, 300);
}

/** Names may hold anything, a comma too. */
const slotOf = ({ problem, variant, column }: ResultInput) =>
  JSON.stringify([problem, variant, column ?? null]);
