/** `checkTable(path, output, names)`: whether a run wrote a table with a label for each image. */

import { lstatSync } from "node:fs";
import { printable } from "@touchstone/cli";
import { BadFileError, type LabelTable, readLabelTable, UNLABELED } from "@touchstone/datasets";
import type { TableOutput } from "../assignment/index.ts";
import type { Finding } from "../results/results.ts";
import { type Fault, gather } from "./findings.ts";
import { faultOfPlace } from "./list-folder.ts";

export interface CheckedTable {
  findings: Finding[];
  /** Of each image, in the order of `names`; -1 where the table has no label for it, which counts as wrong. */
  labels: Int32Array;
}

/**
 * Errors are what makes a table useless: no such file, another header, no row for any of the images. Rows that are missing, surplus,
 * repeated (the first one counts) or without a whole number are warnings: they cost the images that they leave without a label. A byte order
 * mark and any line ends are fine.
 *
 * @param names of the images, as the first column must spell them
 * @throws the system's error where the table cannot be looked at
 */
export async function checkTable(
  path: string,
  { classes, nameColumn, labelColumn }: TableOutput,
  names: readonly string[],
): Promise<CheckedTable> {
  const none = new Int32Array(names.length).fill(UNLABELED);
  const failed = (message: string, code = "table") => {
    return { findings: gather([{ code, severity: "error", message, file: path }]), labels: none };
  };
  const unusable = faultOfPlace(path, "file");
  if (unusable) return failed(unusable.message, unusable.code);
  const { size } = lstatSync(path);
  const limit = largest(names);
  if (size > limit) return failed(`expected a table of at most ${limit} bytes, found ${size}`);

  let table: LabelTable;
  try {
    table = await readLabelTable(path, { classes, nameColumn, labelColumn });
  } catch (error) {
    if (error instanceof BadFileError) return failed(error.problem.message);
    throw error;
  }
  const labels = Int32Array.from(names, (name) => table.labels.get(name)?.label ?? UNLABELED);
  if (names.some((name) => table.labels.has(name))) {
    return { findings: gather(faultsOfRows(table, names)), labels };
  }
  const [first] = table.problems;
  if (table.labels.size === 0 && first) return failed(`${first.message} (line ${first.line ?? 1})`);
  const found = table.labels.keys().next().value;
  return failed(
    `expected a row for each of ${names.length} images, such as "${names[0] ?? ""}", found ` +
      (found === undefined ? "no rows" : `none of them, but rows such as "${printable(found.slice(0, 60))}"`),
  );
}

/** As many bytes as rows with long names need, twice, and some more. */
function largest(names: readonly string[]): number {
  return 2 ** 20 + 2 * names.reduce((sum, name) => sum + Buffer.byteLength(name) + 64, 0);
}

const CODES: Record<string, string> = { "duplicate-label": "duplicate-row", "bad-label": "bad-label" };

function faultsOfRows({ labels, problems }: LabelTable, names: readonly string[]): Fault[] {
  const warn = (code: string, message: string, file: string): Fault => ({
    code,
    severity: "warning",
    message,
    file,
  });
  const known = new Set(names);
  const rows = problems.map(({ kind, message, line = 1 }) =>
    warn(CODES[kind] ?? "bad-row", message, `line ${line}`),
  );
  const missing = names.filter((name) => !labels.has(name));
  const extra = [...labels.keys()].filter((name) => !known.has(name));
  return [
    ...missing.map((name) =>
      warn("missing-row", "expected a row for each image, found none for some; they count as wrong", name),
    ),
    ...extra.map((name) =>
      warn("extra-row", "expected rows for the images alone, found others, which do not count", name),
    ),
    ...rows,
  ];
}
