/** A class as CSV for spreadsheets: a row for each student, two columns for each problem. */

import { csvLine, sumOfPoints } from "@touchstone/grader";
import { linesOf } from "../grading/class-grading.ts";
import { remarksOf, statusName } from "../tables/class-table.ts";
import type { ExportInput } from "./export.ts";

/** `max` is what is decided and counts for this student; `open` what could not be decided. */
export function renderClassCsv({ grading }: ExportInput): string {
  const { problems, students } = grading;
  const header = [
    ...["student_id", "last_name", "first_name", "email", "status"],
    ...problems.flatMap(({ id }) => [id, `${id}_max`]),
    ...["off", "total", "max", "open", "remark"],
  ];
  const rows = students.map((graded) => {
    const { id, lastName, firstName, email } = graded.student;
    const { points } = graded.grading;
    const off = points?.deductions.reduce((sum, each) => sum + each.points, 0);
    return [
      ...[id, lastName, firstName, email, statusName[graded.status]],
      ...problems.flatMap((problem) => {
        const lines = linesOf(graded.grading, problem.id);
        const sums = lines && sumOfPoints(lines);
        return [sums?.earned, sums && sums.possible - sums.open];
      }),
      ...[off, points?.earned, points?.possible, points?.open, remarksOf(graded)],
    ];
  });
  return [header, ...rows].map(csvLine).join("");
}
