/** `reportModel(grading, ...)`: what the page of a grading shows. */

import { percent, threeDigits } from "@touchstone/cli";
import { runTimes } from "../figures/run-time.ts";
import type { ReportModel, Section } from "../page/model.ts";
import { plainTable, type Table } from "../table.ts";
import { oneLine } from "../text.ts";
import type { GradingInput, ResultInput } from "./grading.ts";
import { biasFigures, metricFigures } from "./metric-figures.ts";
import { fullName, unique } from "./names.ts";
import { mapFigures, outputFigures } from "./output-figures.ts";
import type { OutputOf, RunOutput } from "./outputs.ts";
import { type MissingOfRun, protocolSection } from "./protocol-section.ts";
import { logsOf, remarksOf } from "./remarks.ts";
import { shortNumber } from "./values.ts";

export interface ReportOptions<G extends GradingInput> {
  /** The tables of a grading: those that its other reports show. It is asked for each problem's. */
  tables(grading: G): readonly Table[];
  outputOf?: OutputOf;
}

/** @throws FigureDataError where an output has data that cannot be drawn; what `outputOf` throws */
export async function reportModel<G extends GradingInput>(
  grading: G,
  { tables, outputOf = () => undefined }: ReportOptions<G>,
): Promise<ReportModel> {
  const { assignment, submission, results } = grading;
  const sections: Section[] = [];
  const missing: MissingOfRun[] = [];
  for (const problem of unique(results.map((result) => result.problem))) {
    const own = results.filter((result) => result.problem === problem);
    const figures = [await metricFigures(own)];
    const made: { result: ResultInput; output: RunOutput }[] = [];
    for (const result of own) {
      const output = (await outputOf(result)) ?? {};
      made.push({ result, output });
      figures.push([...(await outputFigures(result, output)), ...(await biasFigures(result))]);
    }
    figures.push(...(await mapFigures(made)));
    missing.push(
      ...made.flatMap(({ result, output }) =>
        (output.missing ?? []).map((figure) => ({ ...figure, run: fullName(result) })),
      ),
    );
    sections.push({
      title: `${oneLine(problem, 60)}: ${oneLine(own[0]!.title, 120)}`,
      remarks: remarksOf(own),
      tables: tables({ ...grading, results: own }),
      figures: figures.filter((row) => row.length > 0),
      logs: logsOf(own),
    });
  }
  return {
    title: `${oneLine(assignment.title, 120)}: ${oneLine(submission.id, 120)}`,
    subtitle: `Graded ${
      results
        .map(({ gradedAt }) => gradedAt)
        .sort()
        .at(-1) ?? "never"
    }.`,
    facts: factsOf(grading),
    sections: [await summaryOf(results), ...sections, protocolSection(grading, missing)],
  };
}

function factsOf({ points, results }: GradingInput): ReportModel["facts"] {
  const count = (status: ResultInput["status"]) =>
    results.filter((result) => result.status === status).length;
  const failed = count("failed");
  const open = count("not-gradable");
  const verdict =
    results.length === 0
      ? "nothing was graded"
      : [
          failed > 0 ? `${failed} of ${results.length} failed` : undefined,
          open > 0 ? `${open} not gradable` : undefined,
        ]
          .filter((text) => text !== undefined)
          .join(", ") || "all graded";
  const largest = results.reduce((most, result) => Math.max(most, shareOfLimit(result) ?? 0), 0);
  return [
    { label: "Verdict", value: verdict },
    ...(points
      ? [
          { label: "Points", value: `${shortNumber(points.earned)} of ${shortNumber(points.possible)}` },
          ...(points.open > 0 ? [{ label: "Points still open", value: shortNumber(points.open) }] : []),
          ...points.deductions.map(({ label, points: off }) => ({
            label: `Taken off: ${oneLine(label, 80)}`,
            value: shortNumber(off),
          })),
        ]
      : []),
    ...(largest > 0
      ? [{ label: "Most of a time limit used", value: largest < 0.01 ? "under 1 %" : percent(largest, 0) }]
      : []),
  ];
}

async function summaryOf(results: readonly ResultInput[]): Promise<Section> {
  const limited = results.filter((result) => shareOfLimit(result) !== undefined);
  const hasPoints = results.some(({ points }) => points.length > 0);
  const table = plainTable(
    "Runs",
    ["run", "status", ...(hasPoints ? ["points"] : []), "seconds", "limit", "CPU seconds", "peak MiB"],
    results.map((result) => [
      fullName(result),
      STATUS[result.status],
      ...(hasPoints ? [pointsOf(result)] : []),
      result.run && threeDigits(result.run.wallSeconds),
      result.limitSeconds === undefined ? undefined : shortNumber(result.limitSeconds),
      result.run && threeDigits(result.run.cpuSeconds),
      result.run?.peakMemoryBytes === undefined
        ? undefined
        : (result.run.peakMemoryBytes / 2 ** 20).toFixed(0),
    ]),
  );
  const rows = table.rows.map((row, i) => ({
    ...row,
    kind: results[i]!.status === "graded" ? row.kind : ("failed" as const),
  }));
  const times = limited.map((result) => ({
    name: fullName(result),
    seconds: result.run!.wallSeconds,
    limitSeconds: result.limitSeconds!,
  }));
  return {
    title: "Summary",
    tables: results.length > 0 ? [{ ...table, rows }] : [],
    figures: times.length > 0 ? [[await runTimes(times)]] : [],
  };
}

const STATUS = { graded: "graded", failed: "failed", "not-gradable": "not gradable" } as const;

function shareOfLimit({ run, limitSeconds }: ResultInput): number | undefined {
  return run && limitSeconds !== undefined && limitSeconds > 0 ? run.wallSeconds / limitSeconds : undefined;
}

/** `5 / 20, 15 open`, as in the tables. */
function pointsOf({ points }: ResultInput): string | undefined {
  if (points.length === 0) return undefined;
  const sum = (lines: typeof points, of: "earned" | "possible") =>
    shortNumber(lines.reduce((total, line) => total + line[of], 0));
  const open = points.filter(({ undecided }) => undecided !== undefined);
  const rest = open.length > 0 ? `, ${sum(open, "possible")} open` : "";
  return `${sum(points, "earned")} / ${sum(points, "possible")}${rest}`;
}
