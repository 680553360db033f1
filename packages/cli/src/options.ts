/** Parsers for the values of options, for commander's `.option(flags, description, parser)`. */

import { Option } from "commander";
import { UsageError } from "./errors.ts";

/** Where a compiled function can run, as jit names it. */
export type DeviceName = "cpu" | "webgpu" | "cuda" | "auto";

/** `--device`, for commander's `.addOption`. */
export function deviceOption(): Option {
  const names: DeviceName[] = ["cpu", "webgpu", "cuda", "auto"];
  return new Option("--device <device>", "where the networks run").choices(names).default("cpu");
}

/** A whole number within [min, max]. */
export function integer(option: string, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new UsageError(
      option,
      `a whole number ${range(min, max, Number.MAX_SAFE_INTEGER)}`.trim(),
      quote(text),
    );
  };
}

/** A finite number within [min, max]. */
export function number(option: string, min = -Number.MAX_VALUE, max = Number.MAX_VALUE) {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= min && value <= max) return value;
    throw new UsageError(option, `a number ${range(min, max, Number.MAX_VALUE)}`.trim(), quote(text));
  };
}

function range(min: number, max: number, unbounded: number): string {
  if (min > -unbounded && max < unbounded) return `from ${min} to ${max}`;
  if (min > -unbounded) return `of at least ${min}`;
  return max < unbounded ? `of at most ${max}` : "";
}

const quote = (text: string) => `"${text}"`;
