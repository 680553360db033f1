/** `pnpm grade p1 p2 ...`: runs submissions, or the models of this repository, scores what they made, and prints the tables. */

import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, ExitCode, interruptible, progressRenderer } from "@touchstone/cli";
import type { Job } from "../grade/index.ts";
import { keepGrading } from "../page/kept-grading.ts";
import { openFile } from "../page/open.ts";
import { writePage } from "../page/write-page.ts";
import { githubAnnotations } from "../reporters/github.ts";
import { renderJson } from "../reporters/json.ts";
import { reporters } from "../reporters/reporters.ts";
import { renderTerminal } from "../reporters/terminal.ts";
import type { Grading, ProblemResult } from "../results/results.ts";
import { checkCommand } from "./check.ts";
import { type GradeFlags, list, runGrading, withGradeOptions } from "./grading.ts";
import { type ReportFlags, reportCommand } from "./report.ts";
import { parseReport, writeFileOf } from "./report-option.ts";

interface Flags extends GradeFlags {
  report?: string[];
  page: boolean;
  open?: true;
  json?: true;
}

const EXAMPLE = `
Without --submission, the models of this repository are run as if they were submissions, and their rows stand beside each other.
What is graded is recorded in --results: after Ctrl-C or a crash, the same command goes on and grades nothing twice.

Reports (--report csv=class.csv): ${Object.keys(reporters).join(", ")}.

Examples:
  pnpm grade p2
  pnpm grade p1 --submission students/b09901000 --reference faces/val
  pnpm grade all --submission FOLDER --report markdown=grade.md --report junit=grade.xml
  pnpm grade check --baseline baseline.yaml p2
  pnpm grade report all --id b09901000 --open

Exit codes: 0 graded; 2 wrong usage; 3 a submission failed; 4 something could not be graded.`;

/** Another thing that `pnpm grade PROBLEMS` can grade than one submission: a class. */
export interface GradeMode {
  /** Adds its options, and the commands that belong to it. */
  extend(command: Command): Command;
  /** Whether these options ask for it. @throws UsageError where they ask for half of it */
  isMeant(flags: GradeFlags): boolean;
  /** Sets `process.exitCode` as `pnpm grade` does. */
  run(problems: readonly string[], flags: GradeFlags): Promise<void>;
  /**
   * The grading of a submission that it has graded, from records, as its student may see it; undefined of any other.
   *
   * @throws UsageError where the flags ask for what it decides otherwise
   */
  recorded(problems: readonly string[], flags: ReportFlags, id: string): Promise<Grading | undefined>;
}

/** @param modes the first one that is meant grades; none of them: one submission, or the models of this repository */
export function gradeCommand(modes: readonly GradeMode[] = []): Command {
  const command = withGradeOptions(new Command("grade"))
    .enablePositionalOptions() // What stands after `check` is check's.
    .description("Run a homework's problems under their limits, score them, and print the tables")
    .argument("<problems...>", "p1, p2, p3, or all")
    .option("--report <format=file>", "also write this report, any number of times", list)
    .option("--no-page", "write no page (RESULTS/reports/SUBMISSION/report.html)")
    .option("--open", "open the page")
    .option("--json", "the grading as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (problems: string[], flags: Flags) => {
      const mode = modes.find((mode) => mode.isMeant(flags));
      if (mode) return mode.run(problems, flags);
      const reports = (flags.report ?? []).map((text) => parseReport(text, reporters));
      const { grading, jobs } = await runGrading(problems, flags);
      try {
        for (const { file, render } of reports) await writeFileOf(file, render(grading));
        if (flags.page) await showPage(grading, jobs, flags);
        else await keepGrading(resolve(flags.results), grading);
        announce(grading);
      } finally {
        const colour = process.stdout.isTTY === true;
        process.stdout.write(flags.json ? renderJson(grading) : renderTerminal(grading, { colour }));
      }
      process.exitCode = exitCodeOf(grading);
    })
    .addCommand(checkCommand())
    .addCommand(reportCommand(modes));
  return modes.reduce((extended, mode) => mode.extend(extended), command);
}

async function showPage(
  grading: Grading,
  jobs: readonly Job[],
  { assignment, results, data, device, open }: Flags,
): Promise<void> {
  const page = await interruptible((signal) =>
    writePage(
      grading,
      jobs,
      {
        results: resolve(results),
        assignment: resolve(assignment, ".."),
        ...(data !== undefined && { data }),
        device,
        signal,
      },
      progressRenderer(process.stderr),
    ),
  );
  process.stderr.write(`The page: ${page}\n`);
  if (open) openFile(page);
}

/** What GitHub's runner shows beside the log. */
function announce(grading: Grading): void {
  if (process.env.GITHUB_ACTIONS !== "true") return;
  for (const line of githubAnnotations(grading)) process.stderr.write(`${line}\n`);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, reporters.github(grading));
}

/** What a command that has graded this exits with. */
export function exitCodeOf({ results }: Pick<Grading, "results">): number {
  const isOurs = ({ status, metrics }: ProblemResult) =>
    status === "not-gradable" || metrics.some(({ fault }) => fault !== undefined);
  if (results.some(isOurs)) return ExitCode.fault;
  return results.some(({ status }) => status === "failed") ? ExitCode.submission : ExitCode.ok;
}
