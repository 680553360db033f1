/**
 * What Canvas's gradebook imports as CSV: the columns that it exports, in its order. A student is found by ID, by SIS User ID, by SIS Login ID
 * or by name; `ID`, `SIS User ID`, `SIS Login ID` and `Section` come from columns of the class list of these names.
 */

import { csvLine } from "@touchstone/grader";
import { possibleOf, type StudentGrading } from "../grading/class-grading.ts";
import type { ExportInput } from "./export.ts";
import { scaledScore } from "./score.ts";

const ID = "ID";
const SIS_USER_ID = "SIS User ID";
const SIS_LOGIN_ID = "SIS Login ID";
const SECTION = "Section";
const EXCUSED = "EX";

export function renderCanvas({ grading }: ExportInput): string {
  const { assignment, students } = grading;
  const rows = students.map((graded) => {
    const { extra, id } = graded.student;
    const identity = [extra[ID], extra[SIS_USER_ID] ?? id, extra[SIS_LOGIN_ID], extra[SECTION]];
    const score = graded.status === "excused" ? EXCUSED : scaledScore(grading, graded);
    return [sortableName(graded), ...identity, score];
  });
  const header = ["Student", ID, SIS_USER_ID, SIS_LOGIN_ID, SECTION, assignment.title];
  return [header, ["Points Possible", "", "", "", "", possibleOf(grading)], ...rows].map(csvLine).join("");
}

/** `Lovelace, Ada` */
function sortableName({ student: { firstName, lastName, id } }: StudentGrading): string {
  return [lastName, firstName].filter((name) => name !== "").join(", ") || id;
}
