/** What Moodle's gradebook imports as CSV (https://docs.moodle.org/en/Grade_import): "ID number" or "Email address" says whose a row is. */

import { csvLine } from "@touchstone/grader";
import { remarksOf, statusName } from "../tables/class-table.ts";
import type { ExportInput } from "./export.ts";
import { scaledScore } from "./score.ts";

/** Moodle reads an empty grade as none. */
export function renderMoodle({ grading }: ExportInput): string {
  const header = [
    "ID number",
    "Email address",
    "First name",
    "Last name",
    grading.assignment.title,
    "Feedback",
  ];
  const rows = grading.students.map((graded) => {
    const { id, email, firstName, lastName } = graded.student;
    const feedback = [statusName[graded.status], remarksOf(graded)].filter((text) => text !== "").join("; ");
    return [id, email, firstName, lastName, scaledScore(grading, graded), feedback];
  });
  return [header, ...rows].map(csvLine).join("");
}
