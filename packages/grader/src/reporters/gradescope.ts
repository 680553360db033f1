/** A grading as Gradescope's `results.json`: https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format. */

import type { Grading, PointsLine, ProblemResult } from "../results/results.ts";
import { estimate, runName, shortNumber, statusText, timeText, totalSeconds } from "./format.ts";
import { remarks } from "./remarks.ts";
import { oneLine } from "./text.ts";

/** Every text is declared as plain text, which Gradescope shows as it is. */
export function renderGradescope(grading: Grading): string {
  const { assignment, points, results } = grading;
  const off = (points?.deductions ?? []).map(
    (each) => `${shortNumber(each.points)} points off: ${oneLine(each.label)}`,
  );
  const undecided = results.some(
    ({ status, points }) => status === "not-gradable" || points.some((line) => line.undecided !== undefined),
  );
  const sentences = [
    oneLine(assignment.title),
    ...off,
    ...(undecided
      ? [
          "A part could not be graded, which is not your fault: its points are not lost, the staff will grade it again.",
        ]
      : []),
  ];
  return `${JSON.stringify(
    {
      // Given beside the scores of the tests: it counts, and takes late days and the like into account.
      score: points?.earned ?? 0,
      execution_time: Math.round(results.reduce((sum, result) => sum + totalSeconds(result), 0)),
      output: sentences.join("\n"),
      output_format: "text",
      test_output_format: "text",
      test_name_format: "text",
      visibility: "visible",
      stdout_visibility: "hidden",
      tests: results.flatMap((result) => [
        runTest(grading, result),
        ...result.points.map((line) => pointsTest(result, line)),
      ]),
    },
    null,
    2,
  )}\n`;
}

/** No points of its own: what was measured, and what was odd. */
function runTest(grading: Grading, result: ProblemResult) {
  const said = remarks({ ...grading, results: [result] }).flatMap(({ severity, text, files, output }) => [
    `${severity}: ${oneLine(text, 500)}`,
    ...(files === "" ? [] : [`  files: ${files}`]),
    ...output.map((line) => `  ${line}`),
  ]);
  const time = timeText(result);
  const figures = result.metrics.map((metric) =>
    oneLine(`${metric.label}: ${estimate(metric)}, n = ${metric.n}`),
  );
  return {
    name: oneLine(`${result.problem}, ${runName(result)}: ${statusText[result.status]}`),
    ...(result.status === "not-gradable" ? {} : { status: result.status === "graded" ? "passed" : "failed" }),
    output: [...said, ...(time === undefined ? [] : [`seconds: ${time}`]), ...figures].join("\n"),
    visibility: "visible",
  };
}

/** Without a score where it is undecided: neither earned nor lost. */
function pointsTest(result: ProblemResult, { label, earned, possible, because, undecided }: PointsLine) {
  const scores =
    undecided === undefined
      ? { score: earned, max_score: possible, status: earned >= possible ? "passed" : "failed" }
      : {};
  return {
    name: oneLine(`${result.problem}, ${runName(result)}: ${label}`),
    ...scores,
    output: oneLine(undecided === undefined ? because : `undecided: ${undecided}`, 500),
    visibility: "visible",
  };
}
