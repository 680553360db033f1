/**
 * Fields that schemas share. The text of an `error` says what is expected, without what was found: `describe-issue.ts` adds that.
 */

import { z } from "zod";
import { parseExpression } from "../rubric/expression.ts";
import { type CommandTemplate, checkCommand, parseCommand } from "./command.ts";
import { parseNameTemplate } from "./name-template.ts";
import { parseBytes, parseDuration, parseShare, parseSize } from "./quantities.ts";

/** A text that `parse` makes something of; undefined where it cannot. */
function quantity<T>(parse: (text: string) => T | undefined, expected: string) {
  return z.union([z.string(), z.number()], { error: expected }).transform((given, context): T => {
    const value = parse(String(given));
    if (value !== undefined) return value;
    context.issues.push({
      code: "custom",
      input: given,
      message: `expected ${expected}, found ${JSON.stringify(given)}`,
    });
    return z.NEVER;
  });
}

/** Seconds. */
export const duration = quantity(parseDuration, "a time such as 10 min");
/** Bytes. */
export const bytes = quantity(parseBytes, "a size such as 4 GiB");
/** In [0, 1]. */
export const share = quantity(parseShare, "a share such as 30 %");
export const imageSize = quantity(parseSize, "width by height such as 64x64");

/** One line of text. */
export const line = z
  .string({ error: "text" })
  .min(1, { error: "text" })
  .max(2000, { error: "at most 2000 letters" });

/** Part of file names and of the command line. */
export const slug = z.string({ error: "a short name" }).regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/, {
  error: "a short name of letters, digits, - and _, such as p1",
});

/** A name in expressions. */
export const symbol = z
  .string({ error: "a name" })
  .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,63}$/, { error: "a name of letters, digits and _, such as fid" });

/** A cell of the table: `DCGAN`, `source-only`. */
export const title = z
  .string({ error: "a name" })
  .regex(/^[^\p{C}]{1,64}$/u, { error: "a name of 1 to 64 printable letters" });

export const count = (what: string) =>
  z.number({ error: what }).int({ error: what }).min(1, { error: what }).max(1_000_000, { error: what });

/** Program and arguments: a line, or a list of words. */
export const command = z
  .union([z.string(), z.array(z.string())], { error: "a command, as a line or as a list of words" })
  .transform((given, context): CommandTemplate => {
    const parsed = typeof given === "string" ? parseCommand(given) : checkCommand(given);
    if ("words" in parsed) return parsed.words;
    context.issues.push({ code: "custom", input: given, message: parsed.problem });
    return z.NEVER;
  });

export const nameTemplate = line.transform((text, context) => {
  const parsed = parseNameTemplate(text);
  if (!("problem" in parsed)) return parsed;
  context.issues.push({ code: "custom", input: text, message: parsed.problem });
  return z.NEVER;
});

export const expression = line.transform((text, context) => {
  const parsed = parseExpression(text);
  if (!("problem" in parsed)) return parsed;
  context.issues.push({ code: "custom", input: text, message: parsed.problem });
  return z.NEVER;
});
