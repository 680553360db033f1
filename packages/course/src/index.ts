/** Grades a whole class: its roster, its submissions, the course's policy, and the tables that gradebooks take. */

export { classMode } from "./commands/class-mode.ts";
export * from "./errors.ts";
export { EXPORTS, type Export, type ExportInput } from "./exports/export.ts";
export type { ClassGrading, StudentGrading, StudentStatus } from "./grading/class-grading.ts";
export { type CollectInput, collectClass } from "./grading/collect.ts";
export { parsePolicy, readPolicy } from "./policy/parse-policy.ts";
export type { Policy, StudentPolicy } from "./policy/policy.ts";
export { parseRoster, readRoster } from "./roster/parse-roster.ts";
export type { Student } from "./roster/student.ts";
