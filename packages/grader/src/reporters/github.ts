/** A grading for GitHub Actions: the summary of a step, and annotations in its log. */

import type { Grading } from "../results/results.ts";
import { totalText } from "./format.ts";
import { code, markdown, markdownTable, remarkList } from "./markdown.ts";
import { remarks } from "./remarks.ts";
import { tables } from "./tables.ts";
import { oneLine } from "./text.ts";

/** What belongs at the end of the file `$GITHUB_STEP_SUMMARY`: the tables of figures, the rest folded up. */
export function renderGithubSummary(grading: Grading): string {
  const { assignment, submission, environment } = grading;
  const total = totalText(grading);
  const said = remarks(grading);
  const errors = said.filter(({ severity }) => severity === "error").length;
  const all = tables(grading).map(markdownTable);
  const pointsTable = grading.results.some((result) => result.points.length > 0) ? all.pop() : undefined;
  const parts = [
    `# ${markdown(assignment.title)}${total === undefined ? "" : `: ${markdown(total)}`}`,
    `Submission ${code(submission.id)}`,
    ...all,
    ...(pointsTable ? [folded("Points, line by line", pointsTable)] : []),
    ...(said.length > 0
      ? [folded(`${said.length} remarks, ${errors} of them errors`, remarkList(said))]
      : []),
    Object.entries(environment)
      .map(([name, value]) => markdown(`${name} ${value}`))
      .join(", "),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A line of the log for each error: what failed is red, what could not be graded and what looks odd yellow. */
export function githubAnnotations(grading: Grading): string[] {
  return grading.results.flatMap((result) =>
    remarks({ ...grading, results: [result] }).map(({ severity, subject, text }) =>
      annotation(
        severity === "error" && result.status !== "not-gradable" ? "error" : "warning",
        subject,
        text,
      ),
    ),
  );
}

/** `::error title=p1, DCGAN::sentence`, escaped as https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts does. */
export function annotation(level: "error" | "warning" | "notice", title: string, message: string): string {
  const data = (text: string) => oneLine(text, 500).replaceAll("%", "%25");
  const property = data(title).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${level} title=${property}::${data(message)}`;
}

/** Markdown inside of HTML needs an empty line around it. */
const folded = (summary: string, content: string) =>
  `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
