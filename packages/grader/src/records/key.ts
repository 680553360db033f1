/** `recordKey(parts)`: what a result follows from, as one number. */

import { createHash } from "node:crypto";
import { InvalidRecordError } from "./errors.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * The hexadecimal SHA-256 of the canonical JSON of `parts`: keys in order of their code units, those without a value left out, no white
 * space. Equal parts, however they are ordered: the same key.
 *
 * @throws InvalidRecordError for numbers that are not finite, and what is no JSON
 */
export function recordKey(parts: Json): string {
  return createHash("sha256").update(canonicalJson(parts)).digest("hex");
}

export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value as Record<string, Json | undefined>)
      .filter((entry): entry is [string, Json] => entry[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
  }
  const isJson = value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
  if (!isJson) throw new InvalidRecordError("Key of a record", "JSON", String(value));
  return JSON.stringify(value);
}
