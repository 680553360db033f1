/** Text that others wrote (names, messages, what a program printed), made harmless before it is drawn or set. */

import { printable } from "@touchstone/cli";

/** One line without control characters, at most `limit` characters of it. */
export function oneLine(text: string, limit = 300): string {
  // A character is at most two code units: no more than that needs to be looked at, however long the text is.
  const characters = [...text.slice(0, 2 * limit + 2)];
  return printable(characters.length > limit ? `${characters.slice(0, limit).join("")}…` : text);
}

/** The end of what a program printed, line by line, and whether something before it was left out. */
export function lastLines(
  text: string,
  { lines: most = 400, characters = 32_000 } = {},
): { lines: string[]; isCut: boolean } {
  const lines = text.slice(-characters).split(/\r\n|[\r\n]/);
  if (lines.at(-1) === "") lines.pop();
  const kept = lines.slice(-most);
  return {
    lines: kept.map((line) => oneLine(line, 1000)),
    isCut: text.length > characters || kept.length < lines.length,
  };
}
