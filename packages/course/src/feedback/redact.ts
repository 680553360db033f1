/**
 * A grading as its student may see it. Messages and what programs printed may tell where the course keeps its data, and a submission that got
 * hold of other students' names (without bubblewrap it may read what the grader can) could print them.
 */

import type { Grading } from "@touchstone/grader";
import type { Student } from "../roster/student.ts";

const OTHER = "[another student]";
const FOLDER = "[a folder of the course]";

/** Short ids are words and numbers of everyday. */
const SHORTEST = 4;
const SHORTEST_NUMBER = 6;
/** Times and hashes are nobody's. */
const KEPT = new Set(["key", "gradedAt", "startedAt", "problem", "variant", "column", "title", "status"]);

export interface RedactOptions {
  students: readonly Student[];
  /** Absolute: of results, submissions, data. What follows one of them in a text goes, too. */
  folders: readonly string[];
  /** Of them the one with records and with the copies that submissions run in. */
  results: string;
}

/** @returns for a student's id a copy of a grading without the others */
export function redactor({
  students,
  folders,
  results,
}: RedactOptions): (id: string, grading: Grading) => Grading {
  const owners = new Map<string, Set<string>>();
  for (const student of students) {
    for (const name of namesOf(student)) {
      const key = name.toLowerCase();
      owners.set(key, (owners.get(key) ?? new Set()).add(student.id));
    }
  }
  const people = alternatives([...owners.keys()].filter((name) => !isDense(name)));
  const dense = alternatives([...owners.keys()].filter(isDense));
  // Where a submission ran, its own names of files are of use to its student.
  const copies = new RegExp(`${escaped(results)}/work/[^/\\s]+/(submission|output)\\b`, "g");
  const places = alternatives(folders);
  const pattern = (source: string, flags: string, edge = "") =>
    source === ""
      ? undefined
      : new RegExp(`${edge && `(?<!${edge})`}(?:${source})${edge && `(?!${edge})`}`, flags);
  const patterns = [pattern(people, "giu", "[\\p{L}\\p{N}_]"), pattern(dense, "giu")];
  const path = places === "" ? undefined : new RegExp(`(?:${places})[^\\s:"'<>,;]*`, "g");

  return (id, grading) => {
    const hide = (found: string) => (owners.get(found.toLowerCase())?.has(id) ? found : OTHER);
    const text = (value: string) => {
      const anywhere = value.replaceAll(copies, "$1");
      const placed = path ? anywhere.replaceAll(path, FOLDER) : anywhere;
      return patterns.reduce((all, each) => (each ? all.replaceAll(each, hide) : all), placed);
    };
    return { ...grading, results: mapped(grading.results, text) as Grading["results"] };
  };
}

function namesOf({ id, email, firstName, lastName }: Student): string[] {
  const isLong = id.length >= (/^\d+$/.test(id) ? SHORTEST_NUMBER : SHORTEST);
  const full =
    firstName === "" || lastName === ""
      ? []
      : [
          `${firstName} ${lastName}`,
          `${lastName} ${firstName}`,
          `${lastName}, ${firstName}`,
          `${lastName}${firstName}`,
        ];
  return [...(isLong ? [id] : []), ...(email.includes("@") ? [email] : []), ...full];
}

/** Of scripts that put no spaces between words. */
const isDense = (name: string) =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(name);

const alternatives = (names: readonly string[]) =>
  [...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join("|");

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** All texts of a tree of JSON, but those of keys that are kept. */
function mapped(value: unknown, text: (value: string) => string): unknown {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, text));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, KEPT.has(key) ? item : mapped(item, text)]),
  );
}
