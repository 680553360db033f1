/** Labels from a CSV file, `image_name,label`: every problem is reported with its line. */

import { isUtf8 } from "node:buffer";
import { printable } from "@touchstone/cli";
import { parse } from "csv-parse/sync";
import { readRegularFile } from "../images/read-file.ts";
import { requirePositiveInteger } from "../options.ts";
import type { Problem } from "../problems.ts";
import { UNLABELED } from "./unlabeled.ts";

export interface LabelTable {
  /** What messages call the table. */
  file: string;
  /** By image name; `UNLABELED` where a row's label is wrong. */
  labels: ReadonlyMap<string, { label: number; line: number }>;
  /** Rows that are not among the labels, in the order of their lines. */
  problems: Problem[];
}

export interface TableOptions {
  /** Labels are integers from 0 to `classes - 1`. */
  classes: number;
  /** Header of the column of names; default `image_name`. */
  nameColumn?: string;
  /** Header of the column of labels; default `label`. */
  labelColumn?: string;
}

const TABLE_LIMIT = 64 * 2 ** 20;

/**
 * Reads a table in UTF-8, with or without a byte order mark.
 *
 * @throws BadFileError if the file cannot be read, is no regular file, or has more than 64 MiB; InvalidOptionError
 */
export async function readLabelTable(path: string, options: TableOptions): Promise<LabelTable> {
  const bytes = await readRegularFile(path, { name: path, limit: TABLE_LIMIT });
  if (!isUtf8(bytes)) {
    const message = "expected text in UTF-8, found other bytes; save it as UTF-8";
    return { file: path, labels: new Map(), problems: [{ file: path, kind: "bad-table", message }] };
  }
  return parseLabelTable(new TextDecoder().decode(bytes), path, options);
}

/**
 * Parses a table: a header, then a row for each image. Any line ends, quoted fields, further columns and empty lines are fine;
 * of two rows for one image the first counts.
 *
 * @param file what messages call the table
 * @throws InvalidOptionError
 */
export function parseLabelTable(text: string, file: string, options: TableOptions): LabelTable {
  const { classes, nameColumn = "image_name", labelColumn = "label" } = options;
  requirePositiveInteger("classes", classes);
  const labels = new Map<string, { label: number; line: number }>();
  const problems: Problem[] = [];
  const report = (kind: Problem["kind"], line: number, message: string) =>
    problems.push({ file, kind, line, message });

  const [header, ...rows] = recordsOf(text, (line, message) => report("bad-table", line, message));
  const nameAt = header?.fields.indexOf(nameColumn) ?? -1;
  const labelAt = header?.fields.indexOf(labelColumn) ?? -1;
  if (nameAt < 0 || labelAt < 0) {
    const found = header ? quoted(header.fields.join(",")) : "an empty table";
    report(
      "bad-table",
      header?.line ?? 1,
      `expected a header with ${nameColumn} and ${labelColumn}, found ${found}`,
    );
    return { file, labels, problems };
  }
  for (const { line, fields } of rows) {
    const name = fields[nameAt] ?? "";
    const text = fields[labelAt] ?? "";
    const label = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    const first = labels.get(name);
    if (name === "") {
      report("bad-table", line, `expected the name of an image, found ${quoted(fields.join(","))}`);
    } else if (first) {
      report(
        "duplicate-label",
        line,
        `expected one label for ${quoted(name)}, found another after line ${first.line}`,
      );
    } else {
      const valid = label < classes;
      labels.set(name, { label: valid ? label : UNLABELED, line });
      if (valid) continue;
      report("bad-label", line, `expected an integer from 0 to ${classes - 1}, found ${quoted(text)}`);
    }
  }
  problems.sort((a, b) => a.line! - b.line!);
  return { file, labels, problems };
}

/** The rows with the lines on which they end. */
function recordsOf(text: string, onBadRow: (line: number, message: string) => void) {
  const records = parse(text, {
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      const message = printable(error?.message ?? "a row that is no CSV");
      onBadRow(Number(error?.lines ?? 1), `expected a row of CSV, found: ${message}`);
    },
  }) as unknown as { info: { lines: number }; record: string[] }[];
  return records.map(({ info, record }) => ({ line: info.lines, fields: record }));
}

function quoted(text: string): string {
  return `"${printable(text.length > 60 ? `${text.slice(0, 60)}...` : text)}"`;
}
