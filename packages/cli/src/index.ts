export { Command } from "commander";
export { UsageError } from "./errors.ts";
export { ExitCode, exitCodeOf } from "./exit-codes.ts";
export { bytes, duration, percent, threeDigits } from "./format.ts";
export { integer, number } from "./options.ts";
export { follow, type Progress, type ProgressRenderer, type Work } from "./progress/progress.ts";
export { type Output, progressRenderer } from "./progress/renderer.ts";
export { interruptible, main, runProgram } from "./run.ts";
export { type Column, printable, table } from "./table.ts";
