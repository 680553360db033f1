/** `readRoster(file)`: a class list with nbgrader's columns, or everything that is wrong with it, by line. */

import { BUILTIN } from "@touchstone/grader";
import { CsvError, parse } from "csv-parse/sync";
import { type FileProblem, RosterError } from "../errors.ts";
import { readText } from "../read-text.ts";
import type { Student } from "./student.ts";

/** The columns that nbgrader exports and imports: https://nbgrader.readthedocs.io/en/stable/command_line_tools/nbgrader-db-student-import.html. */
const COLUMNS = ["student_id", "last_name", "first_name", "email"] as const;
/** Columns of ours. */
const DAYS_LATE = "days_late";
const EXCUSED = "excused";

/** @throws CourseFileError, RosterError */
export async function readRoster(file: string): Promise<Student[]> {
  return parseRoster(await readText(file, "a class list in CSV"), file);
}

/**
 * In the order of the file. Any line ends, a byte order mark, quoted fields, further columns and empty lines are fine.
 *
 * @param file what messages call it
 * @throws RosterError with every problem
 */
export function parseRoster(text: string, file: string): Student[] {
  const { lines, problems } = linesOf(text);
  const [header, ...rows] = lines;
  const names = header?.fields.map((name) => name.trim()) ?? [];
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0 && problems.length === 0) {
    const found = header === undefined ? "an empty file" : `"${header.fields.join(",")}"`;
    problems.push({
      line: header?.line ?? 1,
      message: `expected a header with ${COLUMNS.join(", ")}, found ${found}, without ${missing.join(", ")}`,
    });
  } else if (rows.length === 0 && problems.length === 0) {
    problems.push({ line: (header?.line ?? 1) + 1, message: "expected a row for each student, found none" });
  }
  if (missing.length > 0 || problems.length > 0) throw new RosterError(file, problems);

  const students: Student[] = [];
  const taken = new Map<string, Student>();
  for (const { line, fields } of rows) {
    const row = Object.fromEntries(names.map((name, i) => [name, (fields[i] ?? "").trim()]));
    const found = studentOf(row, line);
    const issues = "problems" in found ? found.problems : sameId(found, taken);
    problems.push(...issues.map((message) => ({ line, message })));
    if ("problems" in found) continue;
    if (!taken.has(folded(found.id))) taken.set(folded(found.id), found);
    students.push(found);
  }
  if (problems.length > 0) throw new RosterError(file, problems);
  return students;
}

interface Line {
  /** Where it begins, from 1. */
  line: number;
  fields: string[];
}

function linesOf(text: string): { lines: Line[]; problems: FileProblem[] } {
  try {
    // `info` counts the lines up to the end of a row: a quoted field may have some.
    const rows = parse(text, { bom: true, info: true, relax_column_count: true }) as unknown as {
      info: { lines: number };
      record: string[];
    }[];
    const lines = rows.map(({ info, record }): Line => {
      const breaks = record.join("").match(/\r\n|\r|\n/g)?.length ?? 0;
      return { line: info.lines - breaks, fields: record };
    });
    return { lines: lines.filter(({ fields }) => fields.some((field) => field.trim() !== "")), problems: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number((error as unknown as { lines?: number }).lines ?? 1);
    return { lines: [], problems: [{ line, message: `expected CSV, found: ${error.message}` }] };
  }
}

function studentOf(row: Readonly<Record<string, string>>, line: number): Student | { problems: string[] } {
  const { student_id: id = "", last_name = "", first_name = "", email = "", ...extra } = row;
  const late = row[DAYS_LATE] ?? "";
  const excused = excusedOf(row[EXCUSED] ?? "");
  const problems = [
    ...(idProblem(id) ?? []),
    ...(/^\d{0,4}$/.test(late)
      ? []
      : [`expected a whole number of ${DAYS_LATE}, or nothing, found "${late}"`]),
  ];
  if (problems.length > 0) return { problems };
  const { [DAYS_LATE]: _, [EXCUSED]: __, ...others } = extra;
  return {
    ...{ id, lastName: last_name, firstName: first_name, email, extra: others, line },
    ...(late !== "" && { daysLate: Number(late) }),
    ...(excused !== undefined && { excused }),
  };
}

/** An id is a folder's name. */
function idProblem(id: string): string[] | undefined {
  if (id === "") return ["expected a student_id, found none"];
  if (id === BUILTIN)
    return [`expected another student_id than "${BUILTIN}", which the models of this repository have`];
  if (id === "." || id === ".." || !/^[^/\\\p{C}]{1,128}$/u.test(id))
    return [`expected a student_id of 1 to 128 printable letters without / and \\, found "${id}"`];
  return undefined;
}

const YES = /^(yes|true|1|x)$/i;
const NO = /^(no|false|0|)$/i;

/** `yes`, or ids of problems with spaces, commas or semicolons between them. */
function excusedOf(text: string): Student["excused"] {
  if (NO.test(text)) return undefined;
  return YES.test(text) ? true : text.split(/[\s,;]+/).filter((id) => id !== "");
}

/** On many systems ids that differ in case alone, or in how an accent is written, are one folder. */
const folded = (id: string) => id.normalize("NFC").toLowerCase();

function sameId({ id }: Student, taken: ReadonlyMap<string, Student>): string[] {
  const other = taken.get(folded(id));
  if (other === undefined) return [];
  const found =
    other.id === id ? `"${id}"` : `"${id}" beside "${other.id}", which differs in case or accents alone`;
  return [`expected a student_id of its own, found ${found}, which line ${other.line} has`];
}
