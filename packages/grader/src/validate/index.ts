/** Whether the output of a run is what the assignment asks for. */

export { type CheckedImages, checkImages } from "./check-images.ts";
export { type CheckedTable, checkTable } from "./check-table.ts";
export { hasErrors } from "./findings.ts";
