// The command line of `pnpm bench jit` and `pnpm bench models`.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Row } from "./rows/row.ts";
import { UsageError } from "./suite.ts";

const DEVICES = ["cpu", "webgpu", "cuda"] as const;

/** What is compared: a suite's name, what it says of itself, and its rows. */
export interface Comparison<R extends Row> {
  name: string;
  summary: string;
  rows: R[];
  /** Whether it has columns for TensorFlow.js uncompiled. */
  hasEager: boolean;
}

export interface SpeedOptions<R extends Row> {
  rows: R[];
  /** For each row, compiled and PyTorch together. */
  seconds: number;
  /** At most, for each row and eager backend. */
  eagerSeconds: number;
  device: (typeof DEVICES)[number];
  threads: number;
  json: boolean;
}

export function speedHelp<R extends Row>({ name, rows, hasEager }: Comparison<R>): string {
  const eager =
    "\n  --eager-seconds <n>  at most, for each row and eager backend; 0 leaves them out (default: 60)";
  return `Usage: pnpm bench ${name} [options]

Speed of compiled TensorFlow.js functions against PyTorch (default and channels_last layout; needs PYTHON,
default python3, with torch)${hasEager ? " and eager TensorFlow.js" : ""}. Engines take turns, one iteration each.

  --rows <a,b>         of ${rows.map(({ id }) => id).join(", ")} (default: all)
  --seconds <n>        for each row, compiled and PyTorch together (default: 20)${hasEager ? eager : ""}
  --device <name>      ${DEVICES.join(", ")} (default: cpu)
  --threads <n>        default: one for each core
  --json               JSON on stdout instead of the table

Example: pnpm bench ${name} --rows ${rows[0]?.id} --seconds 10`;
}

/** @throws UsageError, or node:util's own for an option it does not know */
export function parseSpeedOptions<R extends Row>(
  argv: string[],
  { rows, hasEager }: Comparison<R>,
): SpeedOptions<R> {
  const { values } = parseArgs({
    args: argv,
    options: {
      rows: { type: "string", default: rows.map(({ id }) => id).join(",") },
      seconds: { type: "string", default: "20" },
      ...(hasEager && { "eager-seconds": { type: "string", default: "60" } }),
      device: { type: "string", default: "cpu" },
      threads: { type: "string", default: String(availableParallelism()) },
      json: { type: "boolean", default: false },
    },
  });
  return {
    rows: values.rows.split(",").map((id) => oneOf("--rows", id, rows, (row) => row.id)),
    device: oneOf("--device", values.device, DEVICES, (name) => name),
    seconds: number("--seconds", values.seconds, 0),
    eagerSeconds: number("--eager-seconds", String(values["eager-seconds"] ?? 0), 0),
    threads: number("--threads", values.threads, 1),
    json: values.json,
  };
}

function oneOf<T>(option: string, text: string, choices: readonly T[], name: (choice: T) => string): T {
  const found = choices.find((choice) => name(choice) === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: expected one of ${choices.map(name).join(", ")}, found "${text}"`);
}

function number(option: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value < Number.POSITIVE_INFINITY) return value;
  throw new UsageError(`${option}: expected a number of at least ${least}, found "${text}"`);
}
