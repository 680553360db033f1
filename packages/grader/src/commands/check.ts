/** `pnpm grade check p2 --baseline FILE`: fails where a metric has become worse than it was. */

import { readFile } from "node:fs/promises";
import { Command } from "@touchstone/cli";
import { replaceFile } from "@touchstone/nn";
import { readBaseline } from "../gate/baseline.ts";
import { check, type GateReport, gateExitCode } from "../gate/check.ts";
import {
  gateAnnotations,
  renderGateJson,
  renderGateJUnit,
  renderGateMarkdown,
  renderGateTerminal,
} from "../gate/report.ts";
import { updatedBaseline } from "../gate/update.ts";
import { type GradeFlags, list, runGrading, withGradeOptions } from "./grading.ts";
import { parseReport } from "./report-option.ts";

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
have set in it by hand stays.

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
    .option("--update", "write the baseline instead of holding it")
    .option("--report <format=file>", "also write this report, any number of times", list)
    .option("--json", "the report as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (problems: string[], flags: Flags) => {
      const reports = (flags.report ?? []).map((text) => parseReport(text, REPORTS));
      // Read first: hours of grading should not end at a typing error in it.
      const baseline = flags.update ? undefined : await readBaseline(flags.baseline);
      const before = flags.update ? await contentOf(flags.baseline) : undefined;
      const grading = await runGrading(problems, flags);
      if (!baseline) {
        await replaceFile(flags.baseline, [Buffer.from(updatedBaseline(before, flags.baseline, grading))]);
        process.stdout.write(`${flags.baseline}: written\n`);
        return;
      }
      const report = check(baseline, grading);
      for (const { file, render } of reports) await replaceFile(file, [Buffer.from(render(report))]);
      if (process.env.GITHUB_ACTIONS === "true") {
        for (const line of gateAnnotations(report)) process.stderr.write(`${line}\n`);
      }
      const colour = process.stdout.isTTY === true;
      process.stdout.write(flags.json ? renderGateJson(report) : renderGateTerminal(report, { colour }));
      process.exitCode = gateExitCode(report);
    });
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
