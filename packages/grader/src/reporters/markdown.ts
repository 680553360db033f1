/** A grading as GitHub's Markdown. */

import type { Grading } from "../results/results.ts";
import { totalText } from "./format.ts";
import { type Remark, remarks } from "./remarks.ts";
import type { Cell, Table } from "./table.ts";
import { tables } from "./tables.ts";
import { oneLine } from "./text.ts";

export function renderMarkdown(grading: Grading): string {
  const { assignment, environment } = grading;
  const total = totalText(grading);
  const said = remarks(grading);
  const parts = [
    `# ${markdown(assignment.title)}`,
    `Submission ${code(grading.submission.id)}${total === undefined ? "" : `, ${markdown(total)}`}`,
    ...tables(grading).map(markdownTable),
    ...(said.length > 0 ? ["## Remarks", remarkList(said)] : []),
    Object.entries(environment)
      .map(([name, value]) => markdown(`${name} ${value}`))
      .join(", "),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Title, table and notes. */
export function markdownTable({ title, columns, rows, notes }: Table): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map(({ kind, cells }) =>
    line(cells.map((cell) => (kind === "figure" && cell ? `*${marked(cell)}*` : marked(cell)))),
  );
  return [
    `## ${markdown(title)}`,
    "",
    line(columns.map(({ title, note }) => markdown(title) + mark(note))),
    line(columns.map(({ align }) => (align === "left" ? ":--" : "--:"))),
    ...body,
    ...(notes.length > 0
      ? ["", notes.map((note, i) => mark(i + 1) + markdown(note, 500)).join("<br>\n")]
      : []),
  ].join("\n");
}

/** `text` as Markdown that shows it as it is: on one line, without links, HTML, formatting or the ends of a table's cell. */
export function markdown(text: string, limit?: number): string {
  return oneLine(text, limit)
    .trim()
    .replace(special, (character, ends: string | undefined) => (ends ? entity(character) : `\\${character}`));
}

/**
 * First what ends a cell or begins HTML, what GitHub makes links and mentions of by itself, and what begins a list or a heading at the
 * start of a line: as entities, which never have a meaning of that kind (CommonMark 0.31, section 2.5). Then formatting.
 */
const special = /([\\|&<>"@]|:(?=\/\/)|(?<=\bwww)\.|^[-+=](?!\d)|(?<=^\d+)[.)](?=\s|$))|[`*_[\]~#!]/gi;

/** In a typewriter face; GitHub looks for no mentions there. */
export const code = (text: string): string => `<code>${markdown(text)}</code>`;

/** A list, with what the program printed below the item that it belongs to. */
export const remarkList = (said: readonly Remark[]): string => said.map(remarkItem).join("\n");

function remarkItem({ severity, subject, text, files, output }: Remark): string {
  const item = `- **${severity}**, ${markdown(subject)}: ${markdown(text, 500)}`;
  const concerned = files === "" ? "" : ` (${markdown(files, 1000)})`;
  return [item + concerned, ...(output.length > 0 ? fenced(output) : [])].join("\n  ");
}

/** A block of code, behind a fence that is longer than any that it contains. */
function fenced(lines: readonly string[]): string[] {
  const backticks = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(Math.max(2, ...backticks.map(({ length }) => length)) + 1);
  return [`${fence}text`, ...lines, fence];
}

const entity = (character: string) => `&#${character.charCodeAt(0)};`;

const mark = (note: number | undefined) => (note === undefined ? "" : `<sup>${note}</sup>`);

const marked = (cell: Cell | undefined) => (cell === undefined ? "" : markdown(cell.text) + mark(cell.note));
