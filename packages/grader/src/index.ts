/** Runs submissions under their limits, scores what they made, prints the tables and holds the line in CI. */

export * from "./assignment/index.ts";
export { gradeCommand } from "./commands/grade.ts";
export * from "./grade/index.ts";
export * from "./records/index.ts";
export { type ReportFormat, reporters } from "./reporters/reporters.ts";
export type * from "./results/results.ts";
export * from "./run/index.ts";
export { openReferences, type ReferenceOptions, type References } from "./score/references.ts";
export * from "./submission/index.ts";
