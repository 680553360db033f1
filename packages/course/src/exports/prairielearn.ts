/** A grading as PrairieLearn's external grading results: https://prairielearn.readthedocs.io/en/latest/externalGrading/#grading-results. */

import { type Grading, oneLine, runName, statusText, totalText } from "@touchstone/grader";

/** `score` is a share of 1. Where nothing could be decided the submission is not gradable there, which costs no attempt. */
export function renderPrairieLearn({ assignment, results, points }: Grading): string {
  const possible = points?.possible ?? 0;
  const reasons = results.flatMap(({ problem, status, reasons }) =>
    status === "graded"
      ? []
      : [oneLine(`${problem}: ${statusText[status]}: ${reasons[0] ?? "no reason was recorded"}`, 500)],
  );
  const total = totalText({ ...(points && { points }) }) ?? "";
  const message = [`${oneLine(assignment.title)}: ${total}`, ...reasons].join("\n");
  if (possible === 0) return json({ gradable: false, message, format_errors: reasons });
  return json({
    gradable: true,
    score: Math.min(1, (points?.earned ?? 0) / possible),
    message,
    tests: results.flatMap((result) =>
      result.points.map(({ label, earned, possible, because, undecided }) => ({
        name: oneLine(`${result.problem}, ${runName(result)}: ${label}`),
        ...(undecided === undefined ? { points: earned, max_points: possible } : {}),
        message: oneLine(undecided === undefined ? because : `undecided: ${undecided}`, 500),
      })),
    ),
  });
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
