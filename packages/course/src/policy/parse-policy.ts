/** `readPolicy(file, ...)`: a course's policy from its YAML file, or everything that is wrong with it, by line and column. */

import { type Assignment, describeIssues, expectationOf, parseYaml, suggestion } from "@touchstone/grader";
import { type FileProblem, PolicyError } from "../errors.ts";
import { readText } from "../read-text.ts";
import { leaderboardKeys } from "./leaderboard-keys.ts";
import { type Policy, policySchema } from "./policy.ts";

/** What a policy may name. */
export interface Named {
  assignment: Pick<Assignment, "problems" | "penalties">;
  /** Of the class list. */
  ids: readonly string[];
}

/** @throws CourseFileError, PolicyError */
export async function readPolicy(file: string, named: Named): Promise<Policy> {
  return parsePolicy(await readText(file, "a policy in YAML"), file, named);
}

/** @param file what messages call it  @throws PolicyError with every problem */
export function parsePolicy(text: string, file: string, named: Named): Policy {
  const yaml = parseYaml(text);
  if ("problems" in yaml) throw new PolicyError(file, yaml.problems);
  const parsed = policySchema.safeParse(yaml.value ?? {}, { error: expectationOf });
  const located = parsed.success
    ? unknownNames(parsed.data, named)
    : describeIssues(parsed.error.issues, yaml.value);
  const problems = located.map(({ path, atKey, message }): FileProblem => {
    const where = path.map(String).join(".");
    return { ...yaml.placeOf(path, atKey), message: where === "" ? message : `${where}: ${message}` };
  });
  if (!parsed.success || problems.length > 0) {
    throw new PolicyError(
      file,
      problems.sort((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0)),
    );
  }
  return parsed.data;
}

interface Located {
  path: PropertyKey[];
  atKey: boolean;
  message: string;
}

/** A decision about somebody or something that is not there would be passed over. */
function unknownNames({ students, leaderboard }: Policy, { assignment, ids }: Named): Located[] {
  const problems = assignment.problems.map(({ id }) => id);
  const penalties = Object.keys(assignment.penalties);
  const isNone = (
    path: PropertyKey[],
    what: string,
    name: string,
    known: readonly string[],
    atKey = false,
  ) =>
    known.includes(name)
      ? []
      : [{ path, atKey, message: `expected ${what}, found "${name}"${suggestion(name, known)}` }];
  const oneOf = (known: readonly string[]) =>
    known.length > 0 ? `one of ${known.join(", ")}` : "none, as there are none";
  return [
    ...Object.entries(students).flatMap(([id, { excused, penalties: given = [], overrides = [] }]) => {
      const at = (...rest: PropertyKey[]) => ["students", id, ...rest];
      return [
        ...isNone(at(), "a student_id of the class list", id, ids, true),
        ...(Array.isArray(excused) ? excused : []).flatMap((problem, i) =>
          isNone(at("excused", i), oneOf(problems), problem, problems),
        ),
        ...given.flatMap((name, i) => isNone(at("penalties", i), oneOf(penalties), name, penalties)),
        ...overrides.flatMap(({ problem, column }, i) => {
          const columns = (assignment.problems.find((each) => each.id === problem)?.columns ?? []).flatMap(
            ({ name }) => name ?? [],
          );
          return [
            ...isNone(at("overrides", i, "problem"), oneOf(problems), problem, problems),
            ...(column === undefined || !problems.includes(problem)
              ? []
              : isNone(at("overrides", i, "column"), oneOf(columns), column, columns)),
          ];
        }),
      ];
    }),
    ...(leaderboard?.columns ?? []).flatMap(({ key, computation }, i) => {
      const known = leaderboardKeys(assignment.problems);
      return computation !== undefined
        ? []
        : isNone(["leaderboard", "columns", i, "key"], oneOf(known), key, known);
    }),
  ];
}
