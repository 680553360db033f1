/** Commands, and what they are made of: `pnpm grade` of a class takes the same options. */

export { exitCodeOf as gradingExitCode, type GradeMode, gradeCommand } from "./grade.ts";
export { type GradeFlags, HOMEWORK, list, parseVariable } from "./grading.ts";
export { refuseMisplaced } from "./misplaced.ts";
export { existing, requireWritable } from "./path-option.ts";
export type { ReportFlags } from "./report.ts";
