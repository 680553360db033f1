/** Data that an assignment names: a part of a known data set, a path, or what only the grader's command line gives. */

import { DATASETS } from "@touchstone/datasets";
import { z } from "zod";
import { line } from "./fields.ts";
import { suggestion } from "./nearest.ts";

export type Reference =
  /** Of `pnpm data list`: `faces/val`. */
  | { split: string }
  /** As it is written; relative to the folder of the assignment's file. */
  | { path: string }
  /** Another set that students do not have; without it, what is computed from it is undecided. */
  | { given: "private" };

const SPLITS = Object.values(DATASETS).flatMap(({ splits }) => splits);

/** `private`, a name such as `faces/val`, or a path that begins with `.` or `/`. */
export const reference = line.transform((text, context): Reference => {
  if (text === "private") return { given: "private" };
  if (SPLITS.includes(text)) return { split: text };
  if (/^(?:\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(text)) return { path: text };
  const meant = suggestion(text, SPLITS);
  const message = `expected "private", a data set of "pnpm data list", or a path that begins with ./ or /, found "${text}"${meant}`;
  context.issues.push({ code: "custom", input: text, message });
  return z.NEVER;
});
