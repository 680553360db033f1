/** A grading as text for a terminal. */

import { table } from "@touchstone/cli";
import type { Grading } from "../results/results.ts";
import { totalText } from "./format.ts";
import { type Remark, remarks } from "./remarks.ts";
import type { Cell, Table, TableRow } from "./table.ts";
import { tables } from "./tables.ts";
import { oneLine } from "./text.ts";

/** SGR codes, https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ section 8.3.117. */
const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;
export type Style = keyof typeof codes;

export interface TerminalOptions {
  /** Default false. */
  colour?: boolean;
}

export function renderTerminal(grading: Grading, { colour = false }: TerminalOptions = {}): string {
  const { assignment, submission, environment } = grading;
  const total = totalText(grading);
  const paint = painter(colour);
  const all = tables(grading);
  const said = remarks(grading);
  const parts = [
    paint(
      "bold",
      `${oneLine(assignment.title)}, submission ${oneLine(submission.id)}${total === undefined ? "" : `: ${total}`}`,
    ),
    ...all.map((one) => terminalTable(one, { colour })),
    ...(said.length > 0 ? [said.map((remark) => remarkText(remark, paint)).join("\n")] : []),
    Object.entries(environment)
      .map(([name, value]) => oneLine(`${name} ${value}`))
      .join(", "),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Title, table and notes; `style` says how a row is painted. */
export function terminalTable(
  { title, columns, rows, notes }: Table,
  {
    colour = false,
    style = styleOf,
  }: TerminalOptions & { style?: (row: TableRow) => Style | undefined } = {},
): string {
  const paint = painter(colour);
  const text = table(
    columns.map((column, i) => ({
      title: marked({ ...column, text: column.title }),
      align: column.align,
      cell: ({ cells }: TableRow) => cells[i] && marked(cells[i]),
    })),
    rows,
  );
  // A row is a line: control characters, line feeds among them, have been escaped. The first two lines are the titles and a rule.
  const lines = text.split("\n").map((line, i) => paint(rows[i - 2] && style(rows[i - 2]!), line));
  return [
    paint("bold", oneLine(title)),
    ...lines,
    ...notes.map((note, i) => paint("dim", `[${i + 1}] ${oneLine(note, 500)}`)),
  ].join("\n");
}

export function painter(colour: boolean) {
  return (style: Style | undefined, text: string) =>
    colour && style !== undefined ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}

function remarkText(
  { severity, subject, text, files, output }: Remark,
  paint: ReturnType<typeof painter>,
): string {
  const head = `${paint(severity === "error" ? "red" : "yellow", severity)}: ${oneLine(subject)}: ${oneLine(text, 500)}`;
  return [head, ...(files === "" ? [] : [`  files: ${files}`]), ...output.map((line) => `  ${line}`)].join(
    "\n",
  );
}

const styleOf = ({ kind }: TableRow): Style | undefined =>
  kind === "failed" ? "red" : kind === "figure" ? "dim" : undefined;

const marked = ({ text, note }: Cell): string => oneLine(text) + (note === undefined ? "" : ` [${note}]`);
