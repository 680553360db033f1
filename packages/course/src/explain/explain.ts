/** Every number behind a student's points, as text. */

import { bytes, threeDigits } from "@touchstone/cli";
import {
  type Metric,
  oneLine,
  type PointsLine,
  type ProblemResult,
  pointsText,
  runName,
  shortNumber,
  statusText,
  sumOfPoints,
  totalText,
} from "@touchstone/grader";
import { isPlaceholder, type StudentGrading } from "../grading/class-grading.ts";
import { fullName } from "../roster/student.ts";
import { statusName } from "../tables/class-table.ts";

/** @param problem only this one's results; totals are of all */
export function explain({ student, status, grading, decision }: StudentGrading, problem?: string): string {
  const total = totalText(grading);
  const who = [student.id, fullName(student), student.email]
    .filter((text) => text !== "")
    .map((text) => oneLine(text));
  const excused = decision.excused === true ? "everything" : decision.excused.join(", ");
  const { daysLate = 0, penalties = [] } = decision.deductions;
  const decided = [
    ...(daysLate > 0 ? [`days late: ${daysLate}`] : []),
    ...penalties.map((name) => `penalty: ${oneLine(name)}`),
    ...(excused === "" ? [] : [`excused from: ${oneLine(excused)}`]),
    ...decision.overrides.map(
      ({ problem, column, points, reason }) =>
        `${oneLine([problem, ...(column === undefined ? [] : [column])].join(", "))} set by hand to ${shortNumber(points)}: ${oneLine(reason)}`,
    ),
    ...(grading.points?.deductions ?? []).map(
      ({ label, points }) => `${shortNumber(points)} points off: ${oneLine(label)}`,
    ),
  ];
  const versions = Object.entries(grading.environment).map(([name, value]) => oneLine(`${name} ${value}`));
  return `${[
    `${who.join(", ")}: ${statusName[status]}${total === undefined ? "" : `, ${total}`}`,
    `Assignment ${oneLine(grading.assignment.id)}, SHA-256 ${grading.assignment.sha256}`,
    ...grading.results
      .filter((result) => problem === undefined || result.problem === problem)
      .map(resultText),
    ...(decided.length > 0 ? [section("Decided by people, and what it takes off", decided)] : []),
    ...(versions.length > 0 ? [`Graded with ${versions.join(", ")}`] : []),
  ].join("\n\n")}\n`;
}

function resultText(result: ProblemResult): string {
  const { problem, title, status, reasons, metrics, points, findings, key, gradedAt } = result;
  const name = `${problem}, ${runName(result)}: ${title}`;
  const head = `${oneLine(name)}: ${statusText[status]}, ${pointsText(sumOfPoints(points))} points`;
  return [
    head,
    ...reasons.map((reason) => `  because: ${oneLine(reason, 500)}`),
    ...(points.length > 0 ? [indented("points", points.flatMap(pointsLines))] : []),
    ...(metrics.length > 0 ? [indented("metrics", metrics.flatMap(metricLines))] : []),
    ...(result.run ? [indented("run", runLines(result))] : []),
    ...(findings.length > 0
      ? [
          indented(
            "findings",
            findings.map(({ severity, message, total }) =>
              oneLine(`${severity}: ${message} (${total} files)`, 500),
            ),
          ),
        ]
      : []),
    ...(isPlaceholder(result) ? [] : [indented("record", [`key ${key}`, `graded ${gradedAt}`])]),
  ].join("\n");
}

/** The expression and what it was computed from are in `because`. */
const pointsLines = (line: PointsLine): string[] => [
  `${pointsText(sumOfPoints([line]))}  ${oneLine(line.label)}`,
  `  ${oneLine(line.because, 1000)}`,
  ...(line.undecided === undefined ? [] : [`  undecided: ${oneLine(line.undecided, 500)}`]),
];

/** Values as they were computed: a rubric's expression sees no rounded ones. */
function metricLines({
  part,
  name,
  label,
  value,
  problem,
  interval,
  n,
  better,
  protocol,
  published = {},
}: Metric): string[] {
  const bounds = interval === undefined ? "" : ` [${interval[0]}, ${interval[1]}] at 95 %`;
  const given =
    value === null ? `none: ${oneLine(problem ?? "no reason was recorded", 500)}` : `${value}${bounds}`;
  const terms = Object.entries(protocol).map(([term, of]) => `${term} = ${of}`);
  const others = Object.entries(published).map(([who, figure]) => `${who} ${figure}`);
  return [
    oneLine(`${name} = ${given}, n = ${n}, ${better} is better`, 600),
    ...(label === name || part ? [] : [`  ${oneLine(label)}`]),
    // Of a part it is that of the whole.
    ...(terms.length > 0 && part === undefined ? [`  measured with ${oneLine(terms.join(", "), 1000)}`] : []),
    ...(others.length > 0 ? [`  beside it: ${oneLine(others.join(", "), 500)}`] : []),
  ];
}

function runLines({ run, limitSeconds, phases }: ProblemResult): string[] {
  if (!run) return [];
  const limit = limitSeconds === undefined ? "" : ` of ${shortNumber(limitSeconds)}`;
  const memory = run.peakMemoryBytes === undefined ? "" : `, ${bytes(run.peakMemoryBytes)} of memory at most`;
  return [
    oneLine(`${run.verdict}: ${run.detail}`, 500),
    `${threeDigits(run.wallSeconds)}${limit} s, ${threeDigits(run.cpuSeconds)} s of CPU${memory}`,
    `${bytes(run.outputBytes)} in ${run.outputFiles} files written; ${run.leftovers} processes left over`,
    ...machineLines(run),
    oneLine(`kept apart by ${run.containment}; ${pairs(run.enforcement)}`, 1000),
    `seconds of ours: ${pairs(Object.fromEntries(Object.entries(phases).map(([name, seconds]) => [name, threeDigits(seconds)])))}`,
  ];
}

/** Whether its seconds are its own. */
function machineLines({ load, alone }: NonNullable<ProblemResult["run"]>): string[] {
  const averages = (load: readonly number[]) => load.map(shortNumber).join(", ");
  return [
    ...(load === undefined
      ? []
      : [
          `load of the machine over 1, 5 and 15 minutes: ${averages(load.start)} at its start, ${averages(load.end)} at its end`,
        ]),
    ...(alone === undefined
      ? []
      : [
          alone
            ? "it had its device alone"
            : "its device was not kept free for it: other gradings may have run",
        ]),
  ];
}

const pairs = (record: Readonly<Record<string, string>>) =>
  Object.entries(record)
    .map(([name, value]) => `${name}: ${value}`)
    .join("; ");

const section = (title: string, lines: readonly string[]) =>
  [title, ...lines.map((line) => `  ${line}`)].join("\n");
const indented = (title: string, lines: readonly string[]) =>
  `  ${section(
    title,
    lines.map((line) => `  ${line}`),
  )}`;
