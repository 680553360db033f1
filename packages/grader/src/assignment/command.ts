/** Commands of assignments: words with placeholders, which are filled in after the words were told apart, with no shell in between. */

import { MissingPlaceholderError } from "./errors.ts";
import { suggestion } from "./nearest.ts";

/** What a command may contain in braces. */
export const PLACEHOLDERS = {
  out: "the folder where the images go",
  csv: "the table that is to be written",
  images: "the folder of the test images",
  submission: "the copy of the submission's folder that the command runs in",
  column: "the name of the column, such as `svhn`",
  checkpoints: "the folder of this repository's trained weights",
} as const;

export type Placeholder = keyof typeof PLACEHOLDERS;

/** Program and arguments, with placeholders in them. */
export type CommandTemplate = readonly string[];

const NAMES = Object.keys(PLACEHOLDERS) as Placeholder[];
/** Runs of plain characters and quoted text, or one character that is neither. */
const WORD = /(?:[^\s'"|&;<>()*?~#$`\\]|'[^']*'|"[^"$`\\]*")+|\S/g;
const SHELL_SYNTAX = /^['"|&;<>()*?~#$`\\]$/;
const PLACEHOLDER = /\{([^{}]*)\}/g;

/**
 * Words as a shell would tell them apart: between spaces, or in quotes. What only a shell could do is refused.
 *
 * @returns the words, or what is wrong
 */
export function parseCommand(line: string): { words: CommandTemplate } | { problem: string } {
  const words: string[] = [];
  for (const [word] of line.matchAll(WORD)) {
    if (SHELL_SYNTAX.test(word)) {
      const found = /['"]/.test(word) ? "a quotation mark without its other" : `"${word}"`;
      return { problem: `expected words without shell syntax (no shell runs them), found ${found}` };
    }
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  return checkCommand(words);
}

/** Checks the words of a command that was given as a list. */
export function checkCommand(words: CommandTemplate): { words: CommandTemplate } | { problem: string } {
  if (words.length === 0 || words[0] === "") return { problem: "expected a program to run, found none" };
  if (words.some((word) => word.includes("\0"))) return { problem: "expected text, found a NUL character" };
  if (placeholdersOf([words[0]!]).length > 0) {
    return { problem: `expected the name of a program, found ${words[0]}` };
  }
  for (const name of placeholdersOf(words)) {
    if (Object.hasOwn(PLACEHOLDERS, name)) continue;
    const known = NAMES.map((known) => `{${known}}`).join(", ");
    return { problem: `expected one of ${known}, found {${name}}${suggestion(name, NAMES)}` };
  }
  return { words };
}

/** The placeholders of a command, each once, as they are written. */
export function placeholdersOf(words: CommandTemplate): string[] {
  return [...new Set(words.flatMap((word) => [...word.matchAll(PLACEHOLDER)].map(([, name]) => name!)))];
}

/**
 * The command to run. A value stays within the argument that its placeholder stands in, whatever it contains.
 *
 * @throws MissingPlaceholderError
 */
export function fillCommand(
  words: CommandTemplate,
  values: Readonly<Partial<Record<Placeholder, string>>>,
): string[] {
  return words.map((word) =>
    word.replace(PLACEHOLDER, (_, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name as Placeholder] : undefined;
      if (value === undefined) throw new MissingPlaceholderError(words, name);
      return value;
    }),
  );
}
