/** nbgrader's gradebook: the columns of `nbgrader export`, https://nbgrader.readthedocs.io/en/stable/command_line_tools/nbgrader-export.html. */

import { csvLine } from "@touchstone/grader";
import { possibleOf } from "../grading/class-grading.ts";
import type { ExportInput } from "./export.ts";
import { scoreOf } from "./score.ts";

const COLUMNS =
  "assignment duedate timestamp student_id last_name first_name email raw_score late_submission_penalty score max_score";

/**
 * `late_submission_penalty` is all that was taken off, so that it is the difference of the two scores. The time of submission is not known.
 * Scores that there are none of (yet) are empty.
 */
export function renderGradebook({ grading, deadline }: ExportInput): string {
  const { assignment, students } = grading;
  const rows = students.map((graded) => {
    const { id, lastName, firstName, email } = graded.student;
    const score = scoreOf(graded);
    const numbers = [score?.raw, score?.off, score?.final, score?.possible ?? possibleOf(grading)];
    return [assignment.id, deadline, "", id, lastName, firstName, email, ...numbers];
  });
  return [COLUMNS.split(" "), ...rows].map(csvLine).join("");
}
