/** A class as a leaderboard, ranked as Codabench ranks: by the column at index 0, then by the others from left to right. */

import { csvLine, markdownTable, type ProblemResult, sumOfPoints, type Table } from "@touchstone/grader";
import { type ClassGrading, linesOf, type StudentGrading } from "../grading/class-grading.ts";
import type { LeaderboardColumn, LeaderboardSettings } from "../policy/leaderboard-settings.ts";

export interface Standing {
  /** 1 is best; equals share a rank. Undefined of somebody without a value to be ranked by. */
  rank: number | undefined;
  id: string;
  /** As they are shown, in the order of the columns' indexes. */
  values: (number | undefined)[];
}

/** Points in all, then of each problem. */
export const defaultLeaderboard = ({ problems }: Pick<ClassGrading, "problems">): LeaderboardSettings => ({
  title: "Leaderboard",
  submission_rule: "Force_Last",
  columns: ["points", ...problems.map(({ id }) => `${id}.points`)].map((key, index) => ({
    ...{ title: key, key, index, sorting: "desc", precision: 2, hidden: false },
  })),
});

/** Of equals none is first: Codabench takes the earlier submission, of which we do not know when it was. They stand in the class list's order. */
export function standings(students: readonly StudentGrading[], { columns }: LeaderboardSettings): Standing[] {
  const inOrder = [...columns].sort((a, b) => a.index - b.index);
  const rows = students
    .filter(({ status }) => status !== "missing" && status !== "excused" && status !== "not-graded")
    .map((graded) => ({ id: graded.student.id, values: valuesOf(graded, inOrder) }));
  const compare = (a: { values: Standing["values"] }, b: { values: Standing["values"] }) => {
    for (const [i, { sorting }] of inOrder.entries()) {
      const [x, y] = [a.values[i], b.values[i]];
      if (x === y) continue;
      if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
      return sorting === "asc" ? x - y : y - x;
    }
    return 0;
  };
  const sorted = rows.sort(compare);
  return sorted.map((row) => ({
    ...row,
    rank:
      row.values[0] === undefined ? undefined : sorted.findIndex((other) => compare(other, row) === 0) + 1,
  }));
}

function valuesOf(graded: StudentGrading, columns: readonly LeaderboardColumn[]): (number | undefined)[] {
  const plain = (column: LeaderboardColumn) => rounded(keyedValue(graded, column.key), column.precision);
  return columns.map((column) => {
    if (column.computation === undefined) return plain(column);
    const parts = (column.computation_indexes ?? []).map((index) =>
      columns.find((each) => each.index === index),
    );
    const values = parts.map((part) => part && keyedValue(graded, part.key));
    if (values.some((value) => value === undefined)) return undefined;
    return rounded(COMPUTATIONS[column.computation](values as number[]), column.precision);
  });
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const COMPUTATIONS = {
  sum,
  avg: (values: number[]) => sum(values) / values.length,
  min: (values: number[]) => Math.min(...values),
  max: (values: number[]) => Math.max(...values),
};

/** What a key stands for: see `leaderboardKeys`. */
export function keyedValue({ grading }: Pick<StudentGrading, "grading">, key: string): number | undefined {
  if (key === "points") return grading.points?.earned;
  const result = grading.results.find((each) => key.startsWith(`${placeOf(each)}.`));
  const ofProblem = /^([^.]+)\.points$/.exec(key)?.[1];
  if (ofProblem !== undefined) {
    const lines = linesOf(grading, ofProblem);
    return lines && sumOfPoints(lines).earned;
  }
  return result && metricOf(result, key.slice(placeOf(result).length + 1));
}

/** A value of one result: `seconds`, or a metric's name. */
export function metricOf({ run, metrics }: ProblemResult, name: string): number | undefined {
  if (name === "seconds") return run?.wallSeconds;
  return metrics.find((metric) => metric.name === name)?.value ?? undefined;
}

export const placeOf = ({ problem, column }: Pick<ProblemResult, "problem" | "column">): string =>
  column === undefined ? problem : `${problem}.${column}`;

const rounded = (value: number | undefined, precision: number) =>
  value === undefined ? undefined : Number(value.toFixed(precision));

export function leaderboardTable(rows: readonly Standing[], { title, columns }: LeaderboardSettings): Table {
  const inOrder = [...columns].sort((a, b) => a.index - b.index);
  const shown = inOrder.map((column, i) => ({ column, i })).filter(({ column }) => !column.hidden);
  return {
    title,
    columns: [
      { title: "rank", align: "right" },
      { title: "student_id", align: "left" },
      ...shown.map(({ column }) => ({ title: column.title, align: "right" as const })),
    ],
    rows: rows.map(({ rank, id, values }) => ({
      kind: "result",
      cells: [
        rank === undefined ? undefined : { text: String(rank) },
        { text: id },
        ...shown.map(({ column, i }) =>
          values[i] === undefined ? undefined : { text: values[i].toFixed(column.precision) },
        ),
      ],
    })),
    notes: [],
  };
}

export const renderLeaderboardMarkdown = (table: Table): string => `${markdownTable(table)}\n`;

export function renderLeaderboardCsv({ columns, rows }: Table): string {
  const isText = (i: number) => columns[i]?.align === "left";
  const lines = rows.map(({ cells }) =>
    cells.map((cell, i) => (cell === undefined || isText(i) ? cell?.text : Number(cell.text))),
  );
  return [columns.map(({ title }) => title), ...lines].map(csvLine).join("");
}
