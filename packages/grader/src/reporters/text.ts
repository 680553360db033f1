/** Text that others wrote (names, messages, what a program printed), made harmless before it gets into a report. */

import { printable } from "@touchstone/cli";

/**
 * One line without control characters, at most `limit` characters of it. GitHub's runner takes `##[` anywhere in a log for a
 * command, so it is taken apart.
 */
export function oneLine(text: string, limit = 300): string {
  // A character is at most two code units: no more than that needs to be looked at, however long the text is.
  const characters = [...text.slice(0, 2 * limit + 2)];
  const cut = characters.length > limit ? `${characters.slice(0, limit).join("")}...` : text;
  return printable(cut).replaceAll("##[", "# #[");
}

/** The last lines of what a program printed, empty ones left out. */
export function lastLines(text: string, count = 20): string[] {
  return text
    .slice(-4000)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .map((line) => oneLine(line));
}

/** `a.png, b.png and 7 more`. */
export function listed(names: readonly string[], total: number): string {
  const shown = names.slice(0, 5).map((name) => oneLine(name, 120));
  return total > shown.length ? `${shown.join(", ")} and ${total - shown.length} more` : shown.join(", ");
}
