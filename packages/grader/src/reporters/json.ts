/** A grading as JSON: all of it, in an order that does not depend on how it was put together. */

import type { Grading } from "../results/results.ts";

export function renderJson(grading: Grading): string {
  return toJson({ schema: "touchstone-grading/1", ...grading });
}

/**
 * With sorted keys. What JSON lets through as it is, but a terminal or a log would act on (invisible characters, controls beyond
 * ASCII, GitHub's `##[`), is written as escapes, which are read back as the same text.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(inOrder(value), null, 2);
  return `${text.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]|(?<=##)\[/gu, escaped)}\n`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, inOrder(child)]));
}

const escaped = (character: string) =>
  character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
