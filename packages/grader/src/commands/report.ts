/** `pnpm grade report all --id b09901000`: the page and the tables again, from records alone. */

import { resolve } from "node:path";
import {
  Command,
  type DeviceName,
  deviceOption,
  interruptible,
  progressRenderer,
  UsageError,
} from "@touchstone/cli";
import { readAssignment } from "../assignment/index.ts";
import { jobsOf } from "../grade/index.ts";
import { openFile } from "../page/open.ts";
import { recordedGrading } from "../page/recorded.ts";
import { sideBySide, writeComparison } from "../page/write-comparison.ts";
import { writePage } from "../page/write-page.ts";
import { renderJson, toJson } from "../reporters/json.ts";
import { reporters } from "../reporters/reporters.ts";
import { renderTerminal } from "../reporters/terminal.ts";
import type { Grading } from "../results/results.ts";
import type { GradeMode } from "./grade.ts";
import { daysLateOption, deductionsOf, type GradeFlags, HOMEWORK, list, penaltyOption } from "./grading.ts";
import { refuseMisplaced } from "./misplaced.ts";
import { existing, folder } from "./path-option.ts";
import { parseReport, writeFileOf } from "./report-option.ts";

/** Of the grading of a submission that is shown again. */
export type ReportFlags = Pick<GradeFlags, "assignment" | "results" | "data" | "daysLate" | "penalty">;

interface Flags extends ReportFlags {
  id?: string[];
  variant?: string[];
  device: DeviceName;
  figures?: string;
  report?: string[];
  open?: true;
  json?: true;
}

const EXAMPLE = `
What is taken off is what the submission's last grading was given, unless --days-late or --penalty say it anew. Whoever was graded with a class
has what was decided there. Of several, there is one row for each in every table, and one page that compares them.

Examples:
  pnpm grade report all --id b09901000 --open
  pnpm grade report p1 --id b09901000 --id b09901001
  pnpm grade report all --id b09901000 --days-late 4 --penalty codeFix
  pnpm grade report p2
  pnpm grade report p3 --data data --figures figures

Figures that networks are needed for (t-SNE of features, nearest faces, the reverse process) are computed where the data and the weights are
there, and kept in the results; what cannot be shown is said at the page's end.`;

/** @param modes the first one that has graded a submission says what its grading is */
export function reportCommand(modes: readonly GradeMode[]): Command {
  return new Command("report")
    .description("The page and the tables of what was graded, from its records; no submission runs")
    .argument("<problems...>", "p1, p2, p3, or all")
    .option("--assignment <yaml>", "another assignment than the homework", HOMEWORK)
    .option("--id <name>", "whose, any number of times (default: the models of this repository)", list)
    .addOption(daysLateOption())
    .addOption(penaltyOption())
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
      const { variant } = flags;
      const ids = [...new Set(flags.id)];
      requireSense(flags, ids);
      const jobs = jobsOf(assignment, {
        problems,
        submission: ids.length > 0,
        ...(variant && { variants: variant }),
      });
      const recorded = async (id?: string) =>
        (id === undefined ? undefined : await ofModes(modes, problems, flags, id)) ??
        (await recordedGrading(assignment, jobs, results, id, deductionsOf(flags)));
      if (ids.length > 1) {
        const gradings: Grading[] = [];
        for (const id of ids) gradings.push(await recorded(id));
        return showCompared(gradings, results, flags);
      }
      const grading = await recorded(ids[0]);
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

async function showCompared(gradings: readonly Grading[], results: string, flags: Flags): Promise<void> {
  const page = await writeComparison(gradings, results);
  const colour = process.stdout.isTTY === true;
  process.stdout.write(flags.json ? toJson(gradings) : renderTerminal(sideBySide(gradings), { colour }));
  process.stderr.write(`The page: ${page}\n`);
  if (flags.open) openFile(page);
}

async function ofModes(
  modes: readonly GradeMode[],
  problems: readonly string[],
  flags: ReportFlags,
  id: string,
): Promise<Grading | undefined> {
  for (const mode of modes) {
    const grading = await mode.recorded(problems, flags, id);
    if (grading) return grading;
  }
  return undefined;
}

/** What would be passed over is refused. @throws UsageError */
function requireSense({ daysLate, penalty, figures, report }: Flags, ids: readonly string[]): void {
  const ofOne = { "--days-late": daysLate, "--penalty": penalty };
  for (const [option, value] of Object.entries(ofOne)) {
    if (ids.length === 0 && value !== undefined) throw new UsageError(option, "--id beside it", "none");
  }
  for (const [option, value] of Object.entries({ ...ofOne, "--figures": figures, "--report": report })) {
    if (ids.length > 1 && value !== undefined)
      throw new UsageError(option, "one --id beside it", `${ids.length}`);
  }
}
