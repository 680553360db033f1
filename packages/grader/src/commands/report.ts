/** `pnpm grade report all --id b09901000`: the page and the tables again, from records alone. */

import { resolve } from "node:path";
import { Command, type DeviceName, deviceOption, interruptible, progressRenderer } from "@touchstone/cli";
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
import { existing, folder } from "./path-option.ts";
import { parseReport, writeFileOf } from "./report-option.ts";

interface Flags {
  assignment: string;
  id?: string;
  variant?: string[];
  results: string;
  data?: string;
  device: DeviceName;
  figures?: string;
  report?: string[];
  open?: true;
  json?: true;
}

const EXAMPLE = `
Examples:
  pnpm grade report all --id b09901000 --open
  pnpm grade report p2
  pnpm grade report p3 --data data --figures figures

Figures that networks are needed for (t-SNE of features, nearest faces, the reverse process) are computed where the data and the weights are
there, and kept in the results; what cannot be shown is said at the page's end.`;

export function reportCommand(): Command {
  return new Command("report")
    .description("The page and the tables of what was graded, from its records; no submission runs")
    .argument("<problems...>", "p1, p2, p3, or all")
    .option("--assignment <yaml>", "another assignment than the homework", HOMEWORK)
    .option("--id <name>", "whose (default: the models of this repository)")
    .option("--variant <name>", "only this model of the repository; any number of times", list)
    .option("--results <folder>", "records, and what submissions made", "results")
    .option(
      "--data <folder>",
      "data in the homework's layout (default: $TOUCHSTONE_DATA, then the cache)",
      existing("--data"),
    )
    .addOption(deviceOption())
    .option("--figures <folder>", "also every figure of the page as SVG and PNG", folder("--figures"))
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
      const { data, device, figures } = flags;
      const page = await interruptible((signal) =>
        writePage(
          grading,
          jobs,
          {
            results,
            assignment: resolve(flags.assignment, ".."),
            ...(data !== undefined && { data }),
            ...(figures !== undefined && { figures }),
            device,
            signal,
          },
          progressRenderer(process.stderr),
        ),
      );
      const colour = process.stdout.isTTY === true;
      process.stdout.write(flags.json ? renderJson(grading) : renderTerminal(grading, { colour }));
      process.stderr.write(`The page: ${page}\n`);
      if (flags.open) openFile(page);
    });
}
