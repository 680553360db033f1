/** `pnpm grade diff RESULTS_A RESULTS_B`: whose points have changed, and why. */

import { resolve } from "node:path";
import { Command, printable, UsageError } from "@touchstone/cli";
import { type Grading, refuseMisplaced, requireWritable, terminalTable, toJson } from "@touchstone/grader";
import { replaceFile } from "@touchstone/nn";
import { renderReport } from "@touchstone/report";
import { changesOf, diffTable } from "../diff/diff.ts";
import { diffPage } from "../diff/diff-page.ts";
import { readGradings } from "../diff/read-gradings.ts";
import { ExportWriteError } from "../errors.ts";

interface Flags {
  student?: string;
  page?: string;
  json?: true;
}

const EXAMPLE = `
What is compared are the gradings beside the pages (RESULTS/reports/*/grading.json), or files that --json wrote, of a
submission or of a class.

Examples:
  pnpm grade diff results-before results
  pnpm grade diff results-before results --student b09901000 --page changes.html`;

export function diffCommand(): Command {
  return new Command("diff")
    .description("Who has other points in another grading, by how much, and why")
    .argument("<before>", "a folder of results, or a file of --json")
    .argument("<after>", "the same")
    .option("--student <id>", "only this one")
    .option("--page <file>", "also as a page")
    .option("--json", "the changes as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (before: string, after: string, flags: Flags, command: Command) => {
      refuseMisplaced(command);
      if (flags.page !== undefined) requireWritable("--page", flags.page);
      const both = [await gradings(before, flags), await gradings(after, flags)] as const;
      const changes = changesOf(...both);
      const table = diffTable(changes, new Set(both.flatMap((one) => [...one.keys()])).size);
      if (flags.page !== undefined) {
        const id = flags.student === undefined ? {} : { id: flags.student };
        const model = await diffPage(both, { before, after }, { changes, table, ...id });
        await write(flags.page, renderReport(model));
      }
      const colour = process.stdout.isTTY === true;
      process.stdout.write(
        flags.json
          ? toJson({ schema: "touchstone-diff/1", changes })
          : `${terminalTable(table, { colour })}\n`,
      );
    });
}

/** @throws UsageError where it has none of the student that is asked for */
async function gradings(path: string, { student }: Flags): Promise<Map<string, Grading>> {
  const all = await readGradings(resolve(path));
  if (student === undefined) return all;
  const own = all.get(student);
  if (own === undefined)
    throw new UsageError("--student", `one of those in ${printable(path)}`, `"${student}"`);
  return new Map([[student, own]]);
}

async function write(file: string, text: string): Promise<void> {
  try {
    await replaceFile(resolve(file), [Buffer.from(text)]);
  } catch (error) {
    throw new ExportWriteError(file, error);
  }
}
