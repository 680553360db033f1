/** `pnpm grade report all --id b09901000`: the page and the tables again, from records alone. */

import { resolve } from "node:path";
import { Command } from "@touchstone/cli";
import { readAssignment } from "../assignment/index.ts";
import { jobsOf } from "../grade/index.ts";
import { openFile } from "../page/open.ts";
import { recordedGrading } from "../page/recorded.ts";
import { writePage } from "../page/write-page.ts";
import { renderJson } from "../reporters/json.ts";
import { reporters } from "../reporters/reporters.ts";
import { renderTerminal } from "../reporters/terminal.ts";
import { HOMEWORK, list } from "./grading.ts";
import { refuseMisplaced } from "./misplaced.ts";
import { parseReport, writeFileOf } from "./report-option.ts";

interface Flags {
  assignment: string;
  id?: string;
  variant?: string[];
  results: string;
  report?: string[];
  open?: true;
  json?: true;
}

const EXAMPLE = `
Examples:
  pnpm grade report all --id b09901000 --open
  pnpm grade report p2`;

export function reportCommand(): Command {
  return new Command("report")
    .description("The page and the tables of what was graded, from its records; nothing runs")
    .argument("<problems...>", "p1, p2, p3, or all")
    .option("--assignment <yaml>", "another assignment than the homework", HOMEWORK)
    .option("--id <name>", "whose (default: the models of this repository)")
    .option("--variant <name>", "only this model of the repository; any number of times", list)
    .option("--results <folder>", "records, and what submissions made", "results")
    .option("--report <format=file>", "also write this report, any number of times", list)
    .option("--open", "open the page")
    .option("--json", "the grading as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (problems: string[], flags: Flags, command: Command) => {
      refuseMisplaced(command);
      const reports = (flags.report ?? []).map((text) => parseReport(text, reporters));
      const results = resolve(flags.results);
      const assignment = await readAssignment(flags.assignment);
      const { id, variant } = flags;
      const jobs = jobsOf(assignment, {
        problems,
        submission: id !== undefined,
        ...(variant && { variants: variant }),
      });
      const grading = await recordedGrading(assignment, jobs, results, id);
      for (const { file, render } of reports) await writeFileOf(file, render(grading));
      const page = await writePage(grading, jobs, {
        results,
        assignment: resolve(flags.assignment, ".."),
      });
      const colour = process.stdout.isTTY === true;
      process.stdout.write(flags.json ? renderJson(grading) : renderTerminal(grading, { colour }));
      process.stderr.write(`The page: ${page}\n`);
      if (flags.open) openFile(page);
    });
}
