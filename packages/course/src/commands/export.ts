/** `pnpm grade export --report gradebook=grades.csv`: tables of a class from its records; nothing runs. */

import { resolve } from "node:path";
import { Command, follow, progressRenderer, UsageError } from "@touchstone/cli";
import { existing, HOMEWORK, list, refuseMisplaced, terminalTable } from "@touchstone/grader";
import { EXPORTS, renderClassJson } from "../exports/export.ts";
import { parseExport, writeExport } from "../exports/write-exports.ts";
import { writePages } from "../feedback/pages.ts";
import { classTable } from "../tables/class-table.ts";
import { collectRecorded, exportInput, foldersOf, recordedClass } from "./options.ts";

interface Flags {
  assignment: string;
  results: string;
  roster?: string;
  policy?: string;
  report?: string[];
  pages?: true;
  data?: string;
  json?: true;
}

const EXAMPLE = `
Without --roster and --policy: the class list and the decisions of the last grading.

Formats: ${Object.keys(EXPORTS).join(", ")}. gradescope and prairielearn are folders with a file for each student; a leaderboard is Markdown in a
file that ends in .md, and CSV otherwise.

Examples:
  pnpm grade export --report gradebook=grades.csv --report gradescope=out/
  pnpm grade export p1 --roster class.csv --policy policy.yaml --report canvas=canvas.csv --pages`;

export function exportCommand(): Command {
  return new Command("export")
    .description("Tables of a class for gradebooks, from its records; nothing runs")
    .argument("[problems...]", "p1, p2, p3, or all (default: those of the last grading)")
    .option("--assignment <yaml>", "another assignment than the homework", HOMEWORK)
    .option("--roster <csv>", "the class list", existing("--roster"))
    .option("--policy <yaml>", "late days, penalties, exceptions, points by hand", existing("--policy"))
    .option("--results <folder>", "records", "results")
    .option("--report <format=path>", "write this, any number of times", list)
    .option("--pages", "also the students' pages")
    .option("--data <folder>", "data in the homework's layout, for the pages", existing("--data"))
    .option("--json", "the class as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (problems: string[], flags: Flags, command: Command) => {
      refuseMisplaced(command);
      if (flags.data !== undefined && !flags.pages)
        throw new UsageError("--data", "--pages beside it", "none");
      const wanted = (flags.report ?? []).map(parseExport);
      const recorded = await recordedClass(problems, flags);
      const grading = await collectRecorded(recorded);
      const results = resolve(flags.results);
      const input = await exportInput(recorded, grading, foldersOf(recorded.assignment, flags, results));
      for (const one of wanted) await writeExport(one, input);
      if (flags.pages) {
        const assignment = resolve(flags.assignment, "..");
        const options = { results, assignment, ...(flags.data !== undefined && { data: flags.data }) };
        const work = writePages(grading.students, recorded.jobs, {
          ...options,
          forStudent: input.forStudent,
        });
        await follow(work, progressRenderer(process.stderr));
      }
      const colour = process.stdout.isTTY === true;
      process.stdout.write(
        flags.json ? renderClassJson(grading) : `${terminalTable(classTable(grading), { colour })}\n`,
      );
    });
}
