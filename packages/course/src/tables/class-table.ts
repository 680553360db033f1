/** The table of a class: a row for each student, in the order of the class list. No times are in it: the same records, the same bytes. */

import { pointsText, shortNumber, sumOfPoints, type Table, type TableRow } from "@touchstone/grader";
import {
  type ClassGrading,
  linesOf,
  possibleOf,
  type StudentGrading,
  type StudentStatus,
} from "../grading/class-grading.ts";
import { BY_HAND } from "../grading/overrides.ts";
import { fullName } from "../roster/student.ts";

export const statusName: Readonly<Record<StudentStatus, string>> = {
  graded: "graded",
  failed: "failed",
  "not-gradable": "not gradable",
  "not-graded": "not graded",
  missing: "missing",
  excused: "excused",
};

export function classTable(grading: ClassGrading): Table {
  const { assignment, problems, students } = grading;
  const notes: string[] = [];
  const hasNames = students.some(({ student }) => fullName(student) !== "");
  const hasDeductions = students.some(({ grading }) => (grading.points?.deductions.length ?? 0) > 0);
  const rows = students.map((student): TableRow => {
    const remarks = remarksOf(student);
    if (remarks !== "") notes.push(`${student.student.id}: ${remarks}`);
    const { points } = student.grading;
    return {
      kind: student.status === "graded" || student.status === "excused" ? "result" : "failed",
      cells: [
        { text: student.student.id, ...(remarks !== "" && { note: notes.length }) },
        ...(hasNames ? [textOr(fullName(student.student))] : []),
        ...problems.map(({ id }) => textOr(problemText(student, id))),
        ...(hasDeductions ? [textOr(offText(student))] : []),
        textOr(student.status === "excused" || points === undefined ? "" : pointsText(points)),
        { text: statusName[student.status] },
      ],
    };
  });
  const right = (title: string) => ({ title, align: "right" as const });
  const left = (title: string) => ({ title, align: "left" as const });
  return {
    title: `${assignment.title}: ${students.length} students, ${shortNumber(possibleOf(grading))} points, ${countsText(students)}`,
    columns: [
      left("student"),
      ...(hasNames ? [left("name")] : []),
      ...problems.map(({ id }) => right(id)),
      ...(hasDeductions ? [right("off")] : []),
      right("total"),
      left("status"),
    ],
    rows,
    notes,
  };
}

const textOr = (text: string) => (text === "" ? undefined : { text });

function problemText({ grading }: StudentGrading, problem: string): string {
  const lines = linesOf(grading, problem);
  if (lines === undefined) return "excused";
  return lines.length === 0 ? "" : pointsText(sumOfPoints(lines));
}

function offText({ grading }: StudentGrading): string {
  const off = (grading.points?.deductions ?? []).reduce((sum, { points }) => sum + points, 0);
  return off === 0 ? "" : shortNumber(off);
}

/** What was decided by hand: nobody should wonder about a number. */
export function remarksOf({ grading }: StudentGrading): string {
  const off = (grading.points?.deductions ?? []).filter(({ points }) => points > 0);
  const byHand = grading.results.flatMap(({ problem, points }) =>
    points.filter(({ label }) => label === BY_HAND).map((line) => `${problem} ${BY_HAND}: ${line.because}`),
  );
  return [...off.map(({ label, points }) => `${shortNumber(points)} off: ${label}`), ...byHand].join("; ");
}

export function countsText(students: readonly StudentGrading[]): string {
  const counts = new Map<StudentStatus, number>();
  for (const { status } of students) counts.set(status, (counts.get(status) ?? 0) + 1);
  return (Object.keys(statusName) as StudentStatus[])
    .flatMap((status) => (counts.has(status) ? [`${counts.get(status)} ${statusName[status]}`] : []))
    .join(", ");
}
