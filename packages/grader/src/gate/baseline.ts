/**
 * The file that `check --baseline` holds a grading against. YAML, because people set its tolerances and write beside them why; a
 * baseline in JSON is read as well, as JSON is YAML.
 */

import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { z } from "zod";
import { runName } from "../reporters/format.ts";
import { BaselineError } from "./errors.ts";

const text = z.string().min(1);
const tolerance = z.number().nonnegative();

const entrySchema = z
  .strictObject({
    problem: text,
    variant: text,
    column: text.exactOptional(),
    metric: text,
    value: z.number(),
    /** At 95 %. */
    interval: z.tuple([z.number(), z.number()]).exactOptional(),
    n: z.int().nonnegative(),
    better: z.enum(["lower", "higher"]),
    protocol: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    /** By how much the value may be worse: the larger of the two allowances counts. */
    absolute: tolerance.default(0),
    /** A share of the baseline's value. */
    relative: tolerance.default(0),
    /** Images or rows that the new value must at least be computed from. Default: as many as the baseline's. */
    minimum: z.int().nonnegative().exactOptional(),
    level: z.enum(["error", "warn", "off"]).default("error"),
  })
  .refine(({ interval }) => interval === undefined || interval[0] <= interval[1], {
    path: ["interval"],
    message: "expected the lower bound first",
  });

/** A baseline that holds nothing would pass everything: at least one metric. */
const baselineSchema = z.strictObject({ schema: z.literal(1), metrics: z.array(entrySchema).min(1) });

export type Baseline = z.infer<typeof baselineSchema>;
export type BaselineEntry = Baseline["metrics"][number];

/** @throws BaselineError where there is no such file, or it is no baseline */
export async function readBaseline(path: string): Promise<Baseline> {
  const content = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === "ENOENT" ? "no such file; --update writes one" : cause.message;
    throw new BaselineError(path, `expected a YAML file, found ${found}.`, { cause });
  });
  return parseBaseline(content, path);
}

/** @param path for messages  @throws BaselineError */
export function parseBaseline(content: string, path: string): Baseline {
  const parsed = baselineSchema.safeParse(parseYaml(content, path));
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`,
    );
    const rest = issues.length > 3 ? ` (and ${issues.length - 3} more)` : "";
    throw new BaselineError(path, `${issues.slice(0, 3).join("; ")}${rest}.`);
  }
  const seen = new Set<string>();
  for (const entry of parsed.data.metrics) {
    if (seen.has(keyOf(entry)))
      throw new BaselineError(path, `expected ${nameOf(entry)} once, found it twice.`);
    seen.add(keyOf(entry));
  }
  return parsed.data;
}

function parseYaml(content: string, path: string): unknown {
  const document = parseDocument(content);
  const [error] = document.errors;
  if (error) throw new BaselineError(path, `expected YAML, found: ${error.message.trim()}`);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new BaselineError(path, `expected YAML, found: ${(cause as Error).message}`, { cause });
  }
}

/** Which metric of which run. */
export interface MetricId {
  problem: string;
  variant: string;
  column?: string;
  metric: string;
}

/** The same for the same metric only. */
export const keyOf = ({ problem, variant, column, metric }: MetricId): string =>
  JSON.stringify([problem, variant, column ?? null, metric]);

/** For people: `p1, DCGAN: fid`. */
export const nameOf = (id: MetricId): string => `${id.problem}, ${runName(id)}: ${id.metric}`;
