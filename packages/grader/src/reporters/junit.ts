/** A grading as JUnit's XML: a suite for each problem, a case for each run and for each line of points. */

import type { Grading, PointsLine, ProblemResult } from "../results/results.ts";
import { estimate, pointsText, protocolNote, runName, sumOfPoints, totalSeconds } from "./format.ts";
import { type Case, junitXml, type Suite } from "./junit-xml.ts";
import { type Remark, remarks } from "./remarks.ts";

export function renderJUnit(grading: Grading): string {
  const suites = new Map<string, Suite>();
  for (const result of grading.results) {
    const suite = suites.get(result.problem) ?? {
      name: `${result.problem}: ${result.title}`,
      cases: [],
      ...(result.gradedAt !== "" && { timestamp: result.gradedAt }),
    };
    const said = remarks({ ...grading, results: [result] });
    suite.cases.push(
      runCase(grading, result, said),
      ...result.points.map((line) => pointsCase(grading, result, line)),
    );
    suites.set(result.problem, suite);
  }
  return junitXml([...suites.values()]);
}

const classOf = ({ assignment, submission }: Grading, { problem }: ProblemResult) =>
  `${assignment.id}.${submission.id}.${problem}`;

function runCase(grading: Grading, result: ProblemResult, said: Remark[]): Case {
  const [first] = said;
  const kind = result.status === "failed" ? "failure" : "error";
  const lines = said.flatMap(({ severity, text, files, output }) => [
    `${severity}: ${text}`,
    ...(files === "" ? [] : [`files: ${files}`]),
    ...output,
  ]);
  const figures = result.metrics.map((metric) => `${estimate(metric)}, ${protocolNote(metric)}`);
  return {
    classname: classOf(grading, result),
    name: runName(result),
    seconds: totalSeconds(result),
    ...(result.status === "graded"
      ? { lines: [...figures, ...lines] }
      : { outcome: { kind, message: first?.text ?? result.status, lines }, lines: figures }),
  };
}

/** It fails where it earned nothing; a part of the points passes, as a rubric may give points by degrees. */
function pointsCase(grading: Grading, result: ProblemResult, line: PointsLine): Case {
  const { label, because, undecided, earned, possible } = line;
  const message = `${pointsText(sumOfPoints([line]))} points: ${because}`;
  const base = { classname: classOf(grading, result), name: `${runName(result)}: ${label}` };
  if (undecided !== undefined) return { ...base, outcome: { kind: "skipped", message: undecided } };
  if (earned <= 0 && possible > 0) return { ...base, outcome: { kind: "failure", message } };
  return { ...base, lines: [message] };
}
