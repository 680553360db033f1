/** What is wrong with a value, in words: what was expected from zod's issue, what was found from the value itself. */

import type { z } from "zod";
import { suggestion } from "./nearest.ts";

const WORDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/** For zod's `error` option: what is expected. For unknown keys, those that are known. */
export function expectationOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return WORDS[issue.expected as string] ?? String(issue.expected);
    case "invalid_value":
      return oneOf((issue.values as unknown[]).map(String));
    case "invalid_union":
      return oneOf(((issue as { options?: unknown[] }).options ?? []).map(String));
    case "unrecognized_keys":
      return Object.keys((issue.inst as unknown as { shape?: object })?.shape ?? {}).join(" ");
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_key":
      return "a name of letters, digits and _";
    default:
      return "something else";
  }
}

/** A problem at a path of the document. */
export interface Located {
  path: PropertyKey[];
  /** Stands at the key, rather than at the value. */
  atKey: boolean;
  message: string;
}

/** @param issues of a parse of `value` with `error: expectationOf` */
export function describeIssues(issues: readonly z.core.$ZodIssue[], value: unknown): Located[] {
  const valueAt = (path: PropertyKey[]) => path.reduce<unknown>(property, value);
  return issues.flatMap((issue) => describeIssue(issue, valueAt));
}

function property(value: unknown, key: PropertyKey): unknown {
  return value !== null && typeof value === "object" && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

function describeIssue(issue: z.core.$ZodIssue, valueAt: (path: PropertyKey[]) => unknown): Located[] {
  const { path, message } = issue;
  if (issue.code === "custom") return [{ path, atKey: false, message }];
  if (issue.code === "invalid_key") {
    return [{ path, atKey: true, message: `expected ${message}, found "${String(path.at(-1))}"` }];
  }
  if (issue.code === "unrecognized_keys") {
    const known = message.split(" ");
    return issue.keys.map((key) => ({
      path: [...path, key],
      atKey: true,
      message: `expected ${oneOf(known)}, found "${key}"${suggestion(key, known)}`,
    }));
  }
  const value = valueAt(path);
  const isChoice = issue.code === "invalid_value" || issue.code === "invalid_union";
  const hint = isChoice && typeof value === "string" ? suggestion(value, message.split(/, | or /)) : "";
  return [{ path, atKey: false, message: `expected ${message}, found ${shown(value)}${hint}` }];
}

export function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  const text = String(value);
  const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return typeof value === "string" ? `"${short}"` : short;
}

function oneOf(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : (words[0] ?? "nothing");
}
