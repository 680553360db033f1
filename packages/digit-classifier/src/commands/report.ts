/** A folder's score as people and as machines read it. */

import { percent, printable, table } from "@touchstone/cli";
import type { FolderReport } from "../folder.ts";
import type { Accuracy, Reading } from "../score/score.ts";

/** How the figures came about: a number without this means nothing. */
export interface ReportContext {
  path: string;
  /** The network, and its weights' SHA-256. */
  classifier: string;
  sha256: string;
  device: string;
  resize: string;
}

const LISTED = 10;

export function renderText(report: FolderReport, context: ReportContext): string {
  const { score } = report;
  const parts = [
    `${printable(context.path)}: ${summary(score)}`,
    table(
      [
        { title: "digit", cell: ([digit]) => String(digit) },
        { title: "images", cell: ([, { count }]) => String(count) },
        { title: "correct", cell: ([, { correct }]) => String(correct) },
        { title: "accuracy", cell: ([, row]) => (row.count > 0 ? percent(row.accuracy) : undefined) },
        { title: "95 % interval", cell: ([, row]) => (row.count > 0 ? intervalText(row) : undefined) },
      ],
      [...score.perDigit.entries()],
    ),
    "Confusion (rows: meant, columns: read as)",
    table(
      [
        { title: "", cell: ([digit]) => String(digit) },
        ...score.confusion.map((_, column) => ({
          title: String(column),
          cell: ([, row]: [number, number[]]) => (row[column] === 0 ? "." : String(row[column])),
        })),
      ],
      [...score.confusion.entries()],
    ),
    ...list("Misread", score.misread.map(misreadText)),
    ...findings(report),
    `Classifier ${context.classifier}, sha256 ${context.sha256}; resize: ${context.resize}; device ${context.device}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** JSON alone, with a line break at its end. */
export function renderJson(report: FolderReport, context: ReportContext): string {
  const { score, problems, numbering, duplicates } = report;
  const { path, ...protocol } = context;
  const json = {
    path,
    metric: "digit-accuracy",
    protocol: { ...protocol, n: score.count },
    ...score,
    accuracy: score.count > 0 ? score.accuracy : null,
    perDigit: score.perDigit.map((row) => ({ ...row, accuracy: row.count > 0 ? row.accuracy : null })),
    problems,
    ...numbering,
    duplicates,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function summary(score: Accuracy & { unreadable: Reading[] }): string {
  if (score.count === 0) return "no image with a label";
  const unreadable =
    score.unreadable.length > 0 ? `, of which ${score.unreadable.length} could not be read` : "";
  return `accuracy ${percent(score.accuracy)} (${score.correct} of ${score.count}${unreadable}; 95 %: ${intervalText(score)})`;
}

function intervalText({ interval }: Accuracy): string {
  return `${percent(interval.low)} - ${percent(interval.high)}`;
}

function misreadText({ file, read }: Reading): string {
  return `${printable(file)} read as ${read?.digit} (${percent(read?.probability ?? 0, 0)} sure)`;
}

function findings({ problems, numbering, duplicates }: FolderReport): string[] {
  const problemLines = problems.map(({ file, line, message }) => {
    return `${printable(file)}${line === undefined ? "" : `, line ${line}`}: ${message}`;
  });
  const groups = duplicates.map(
    (files) => `${files.length} times the same: ${files.map(printable).join(", ")}`,
  );
  return [
    ...list("Files with a problem", problemLines),
    ...list("Missing numbers", numbering?.missing ?? []),
    ...list("Surplus files", (numbering?.surplus ?? []).map(printable)),
    ...list("Files with the same pixels", groups),
  ];
}

function list(title: string, lines: string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > LISTED ? [`and ${lines.length - LISTED} more (--json lists all)`] : [];
  const shown = [...lines.slice(0, LISTED), ...more].map((line) => `  ${line}`);
  return [`${title} (${lines.length}):\n${shown.join("\n")}`];
}
