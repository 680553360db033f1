/** Every format that a grading can be reported in, by the name that `--report` takes. */

import type { Grading } from "../results/results.ts";
import { renderCsv } from "./csv.ts";
import { renderGithubSummary } from "./github.ts";
import { renderGradescope } from "./gradescope.ts";
import { renderJson } from "./json.ts";
import { renderJUnit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderTerminal } from "./terminal.ts";

export const reporters = {
  terminal: (grading: Grading) => renderTerminal(grading),
  markdown: renderMarkdown,
  csv: (grading: Grading) => renderCsv([grading]),
  json: renderJson,
  junit: renderJUnit,
  github: renderGithubSummary,
  gradescope: renderGradescope,
} satisfies Readonly<Record<string, (grading: Grading) => string>>;

export type ReportFormat = keyof typeof reporters;
