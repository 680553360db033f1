/** `readAssignment(file)`: an assignment from its YAML file, or everything that is wrong with it. */

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import {
  type Assignment,
  assignmentSchema,
  type Column,
  type GivenAssignment,
  type Problem,
} from "./assignment.ts";
import { describeIssues, expectationOf } from "./describe-issue.ts";
import { parseYaml } from "./document.ts";
import { AssignmentError, AssignmentFileError } from "./errors.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const LARGEST = 2 ** 20;

/** @throws AssignmentFileError, AssignmentError */
export async function readAssignment(file: string): Promise<Assignment> {
  let text: string;
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new AssignmentFileError(file, "something that is no file");
    if (stats.size > LARGEST)
      throw new AssignmentFileError(file, `${stats.size} bytes, more than ${LARGEST}`);
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof AssignmentFileError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new AssignmentFileError(file, code === "ENOENT" ? "nothing there" : `${code}`, { cause: error });
  }
  return parseAssignment(text, file);
}

/**
 * @param file what messages call it, and where relative paths begin
 * @throws AssignmentError with every problem, each with its line and column
 */
export function parseAssignment(text: string, file: string): Assignment {
  const yaml = parseYaml(text);
  if ("problems" in yaml) throw new AssignmentError(file, yaml.problems);
  const parsed = assignmentSchema.safeParse(yaml.value, { error: expectationOf });
  if (!parsed.success) {
    const problems = describeIssues(parsed.error.issues, yaml.value)
      .map(({ path, atKey, message }) => ({ ...yaml.placeOf(path, atKey), path: spelled(path), message }))
      .sort((a, b) => a.line - b.line || a.column - b.column);
    throw new AssignmentError(file, problems);
  }
  return complete(parsed.data, file, createHash("sha256").update(text).digest("hex"));
}

/** Fills in what the file leaves to the assignment's or our own defaults. */
function complete(given: GivenAssignment, file: string, sha256: string): Assignment {
  const { limits, ...rest } = given;
  const problems = given.problems.map(
    ({ limits: own, columns, metrics, rubric, images, labels, ...problem }): Problem => {
      const whole: Column = { metrics, rubric, ...(images && { images }), ...(labels && { labels }) };
      const complete = columns?.map((column): Column => ({ ...whole, ...column })) ?? [whole];
      return {
        ...problem,
        title: problem.title ?? problem.id,
        timed: problem.timed ?? complete.some(({ metrics }) => metrics.some(isThroughput)),
        limits: { ...DEFAULT_LIMITS, ...limits, ...own },
        columns: complete,
      };
    },
  );
  return { ...rest, title: given.title ?? given.id, problems, file, sha256 };
}

const isThroughput = ({ kind }: Column["metrics"][number]) => kind === "throughput";

/** `problems[0].limits.wall` */
function spelled(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
