/** `pnpm grade check p2 --baseline FILE`: fails where a metric has become worse than it was. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Command, Option, UsageError } from "@touchstone/cli";
import { type Baseline, readBaseline } from "../gate/baseline.ts";
import { check, type GateReport, gateExitCode } from "../gate/check.ts";
import {
  gateAnnotations,
  renderGateJson,
  renderGateJUnit,
  renderGateMarkdown,
  renderGateTerminal,
} from "../gate/report.ts";
import { updatedBaseline } from "../gate/update.ts";
import { ALL } from "../grade/index.ts";
import { type GradeFlags, list, runGrading, withGradeOptions } from "./grading.ts";
import { refuseMisplaced } from "./misplaced.ts";
import { requireWritable } from "./path-option.ts";
import { parseReport, writeFileOf } from "./report-option.ts";

interface Flags extends GradeFlags {
  baseline: string;
  report?: string[];
  update?: true;
  json?: true;
}

const REPORTS: Record<string, (report: GateReport) => string> = {
  terminal: (report) => renderGateTerminal(report),
  markdown: renderGateMarkdown,
  junit: renderGateJUnit,
  json: renderGateJson,
};

const EXAMPLE = `
The baseline says what each metric was, and how much worse it may become. --update writes it from this grading; what people
have set in it by hand stays. Of a baseline, the problems and variants that are graded count.

Reports: ${Object.keys(REPORTS).join(", ")}.

Examples:
  pnpm grade check p2 --baseline baseline.yaml --update
  pnpm grade check p2 --baseline baseline.yaml --report junit=gate.xml

Exit codes: 0 fine; 1 a metric is worse; 2 wrong usage; 3 a submission failed; 4 something could not be graded.`;

export function checkCommand(): Command {
  return withGradeOptions(new Command("check"))
    .description("Grade, and hold the metrics against a baseline")
    .argument("<problems...>", "p1, p2, p3, or all")
    .requiredOption("--baseline <yaml>", "what the metrics were")
    .addOption(
      // A part of the grading would lose the rest of the baseline.
      new Option("--update", "write the baseline instead of holding it").conflicts([
        "variant",
        "report",
        "json",
      ]),
    )
    .option("--report <format=file>", "also write this report, any number of times", list)
    .option("--json", "the report as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (problems: string[], flags: Flags, command: Command) => {
      refuseMisplaced(command);
      await (flags.update ? update(problems, flags) : hold(problems, flags));
    });
}

async function hold(problems: string[], flags: Flags): Promise<void> {
  const reports = (flags.report ?? []).map((text) => parseReport(text, REPORTS));
  // Read first: hours of grading should not end at a typing error in it.
  const baseline = partOf(await readBaseline(flags.baseline), problems, flags);
  const { grading } = await runGrading(problems, flags);
  const report = check(baseline, grading);
  try {
    for (const { file, render } of reports) await writeFileOf(file, render(report));
    if (process.env.GITHUB_ACTIONS === "true") {
      for (const line of gateAnnotations(report)) process.stderr.write(`${line}\n`);
    }
  } finally {
    const colour = process.stdout.isTTY === true;
    process.stdout.write(flags.json ? renderGateJson(report) : renderGateTerminal(report, { colour }));
  }
  process.exitCode = gateExitCode(report);
}

async function update(problems: string[], flags: Flags): Promise<void> {
  const file = flags.baseline;
  requireWritable("--baseline", file);
  if (existsSync(file)) await readBaseline(file);
  const { grading } = await runGrading(problems, flags);
  const before = existsSync(file) ? await readFile(file, "utf8") : undefined;
  await writeFileOf(file, updatedBaseline(before, file, grading));
  process.stdout.write(`${file}: written\n`);
}

/** What the command asks for. @throws UsageError where that is nothing: it would pass. */
function partOf({ metrics, ...rest }: Baseline, problems: readonly string[], { variant }: Flags): Baseline {
  const part = metrics.filter(
    (entry) =>
      (problems.includes(ALL) || problems.includes(entry.problem)) &&
      (variant?.includes(entry.variant) ?? true),
  );
  if (part.length > 0) return { ...rest, metrics: part };
  const wanted = [problems.join(", "), ...(variant ?? [])].join(", ");
  throw new UsageError("--baseline", `metrics of ${wanted}`, "none");
}
