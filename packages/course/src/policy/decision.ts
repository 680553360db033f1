/** What holds for one student: the policy's word before the class list's. */

import type { Assignment, Deductions } from "@touchstone/grader";
import { type FileProblem, RosterError } from "../errors.ts";
import type { Student } from "../roster/student.ts";
import type { Override, Policy } from "./policy.ts";

export interface Decision {
  deductions: Deductions;
  /** From all problems, or from these. */
  excused: true | readonly string[];
  overrides: readonly Override[];
}

export function decisionOf({ id, daysLate, excused = [] }: Student, { students }: Policy): Decision {
  const own = Object.hasOwn(students, id) ? students[id]! : {};
  const days = own.daysLate ?? daysLate;
  const given = own.excused === undefined ? excused : own.excused === false ? [] : own.excused;
  return {
    deductions: { ...(days !== undefined && { daysLate: days }), penalties: own.penalties ?? [] },
    excused: given,
    overrides: own.overrides ?? [],
  };
}

/** A class list is read without its assignment. @throws RosterError where it excuses from a problem that there is none of */
export function requireKnownProblems(
  file: string,
  students: readonly Student[],
  { problems }: Pick<Assignment, "problems">,
): void {
  const known = problems.map(({ id }) => id);
  const wrong = students.flatMap(({ line, excused }): FileProblem[] =>
    (excused === true ? [] : (excused ?? []))
      .filter((id) => !known.includes(id))
      .map((id) => ({
        line,
        message: `expected yes, no or some of ${known.join(", ")} in excused, found "${id}"`,
      })),
  );
  if (wrong.length > 0) throw new RosterError(file, wrong);
}
