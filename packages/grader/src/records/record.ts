/** What a record is, and how it is read back from a file that may be damaged. */

import { z } from "zod";
import type { Grading, ProblemResult } from "../results/results.ts";

export interface ProblemRecord {
  submission: string;
  /** Versions and hardware that it was graded with. */
  environment: Grading["environment"];
  result: ProblemResult;
}

const strings = z.array(z.string());
const numbers = z.record(z.string(), z.number());

// Loose: a field that this version does not know comes back as it was.
const run = z.looseObject({
  verdict: z.enum([
    "ok",
    "wall-time",
    "cpu-time",
    "memory",
    "processes",
    "output-bytes",
    "output-files",
    "crashed",
  ]),
  detail: z.string(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  wallSeconds: z.number(),
  cpuSeconds: z.number(),
  peakMemoryBytes: z.number().exactOptional(),
  outputBytes: z.number(),
  outputFiles: z.number(),
  stdout: z.string(),
  stderr: z.string(),
  stdoutBytes: z.number(),
  stderrBytes: z.number(),
  containment: z.enum(["bwrap", "session"]),
  enforcement: z.record(z.string(), z.string()),
  leftovers: z.number(),
  startedAt: z.string(),
  load: z.looseObject({ start: z.array(z.number()), end: z.array(z.number()) }).exactOptional(),
  alone: z.boolean().exactOptional(),
});

const finding = z.looseObject({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  files: strings,
  total: z.number(),
});

const metric = z.looseObject({
  name: z.string(),
  label: z.string(),
  value: z.number().nullable(),
  problem: z.string().exactOptional(),
  fault: z.enum(["passing", "lasting"]).exactOptional(),
  interval: z.tuple([z.number(), z.number()]).exactOptional(),
  n: z.number(),
  better: z.enum(["lower", "higher"]),
  unit: z.enum(["share", "seconds", "images/s"]).exactOptional(),
  protocol: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  part: z.looseObject({ of: z.string(), name: z.string() }).exactOptional(),
  published: numbers.exactOptional(),
  byCount: z.array(z.looseObject({ n: z.number(), value: z.number() })).exactOptional(),
});

const pointsLine = z.looseObject({
  label: z.string(),
  earned: z.number(),
  possible: z.number(),
  because: z.string(),
  undecided: z.string().exactOptional(),
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const problemResult = z.looseObject({
  problem: z.string(),
  title: z.string(),
  variant: z.string(),
  column: z.string().exactOptional(),
  status: z.enum(["graded", "failed", "not-gradable"]),
  reasons: strings,
  run: run.exactOptional(),
  limitSeconds: z.number().exactOptional(),
  findings: z.array(finding),
  metrics: z.array(metric),
  points: z.array(pointsLine),
  phases: numbers,
  runKey: sha256,
  key: sha256,
  gradedAt: z.iso.datetime(),
}) satisfies z.ZodType<ProblemResult>;

/** Of the file. Another version is another number. */
const FORMAT = 2;

const recordFile = z.looseObject({
  format: z.literal(FORMAT),
  submission: z.string(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
  result: problemResult,
});

/** @returns the text, or what is wrong with the record: a number that is not finite, a field of another type */
export function encodeRecord(record: ProblemRecord): { text: string } | { problem: string } {
  const text = `${JSON.stringify({ format: FORMAT, ...record }, null, 1)}\n`;
  const read = decodeRecord(text);
  return "problem" in read ? read : { text };
}

export function decodeRecord(text: string): ProblemRecord | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: text === "" ? "an empty file" : "a file that is no JSON, or the beginning of one" };
  }
  const read = recordFile.safeParse(value);
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    return { problem: `a record with a wrong ${path.join(".") || "shape"} (${message})` };
  }
  const { format: _, ...record } = read.data;
  return record;
}
