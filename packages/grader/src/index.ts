/** Runs submissions under their limits, scores what they made, prints the tables and holds the line in CI. */

export { describeIssues, expectationOf } from "./assignment/describe-issue.ts";
export { parseYaml } from "./assignment/document.ts";
export * from "./assignment/index.ts";
export { suggestion } from "./assignment/nearest.ts";
export * from "./commands/index.ts";
export { BUILTIN } from "./grade/context.ts";
export * from "./grade/index.ts";
export { type Inputs, inputsOf } from "./grade/inputs.ts";
export { type Keys, keysOf } from "./grade/key.ts";
export { totalOf, withPoints } from "./grade/points.ts";
export { writePage } from "./page/write-page.ts";
export * from "./records/index.ts";
export { csvLine } from "./reporters/csv.ts";
export * from "./reporters/format.ts";
export { toJson } from "./reporters/json.ts";
export { markdown, markdownTable } from "./reporters/markdown.ts";
export { type ReportFormat, reporters } from "./reporters/reporters.ts";
export type { Table, TableColumn, TableRow } from "./reporters/table.ts";
export { terminalTable } from "./reporters/terminal.ts";
export { oneLine } from "./reporters/text.ts";
export { withEndOfOutput } from "./results/end-of-output.ts";
export type * from "./results/results.ts";
export { isOf, newestResults, placeKey } from "./results/slot.ts";
export * from "./run/index.ts";
export { openReferences, type ReferenceOptions, type References } from "./score/references.ts";
export * from "./submission/index.ts";
