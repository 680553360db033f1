/** Assignments: what is run, what must come out, how it is scored, what it is worth. */

export type { Assignment, Column, LatePolicy, Penalty, Problem } from "./assignment.ts";
export { SUBMISSION } from "./check-problem.ts";
export {
  type CommandTemplate,
  fillCommand,
  PLACEHOLDERS,
  type Placeholder,
  placeholdersOf,
} from "./command.ts";
export {
  AssignmentError,
  AssignmentFileError,
  type AssignmentProblem,
  MissingPlaceholderError,
} from "./errors.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export { baselinesOf, type MetricSpec, valuesOf } from "./metrics.ts";
export type { NameTemplate } from "./name-template.ts";
export type { ImagesOutput, Output, TableOutput } from "./output.ts";
export { parseAssignment, readAssignment } from "./parse-assignment.ts";
export type { ReportItem, RubricLine, Variant } from "./problem.ts";
export { publishedFigures } from "./published.ts";
export type { Reference } from "./reference.ts";
