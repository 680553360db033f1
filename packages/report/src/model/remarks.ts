/** What a reader should know besides the figures: why something failed, what was odd about an output, what programs printed. */

import { bytes, firstLine } from "@touchstone/cli";
import type { Remark, Section } from "../page/model.ts";
import { lastLines, oneLine } from "../text.ts";
import type { FindingInput, ResultInput } from "./grading.ts";
import { runName } from "./names.ts";

export function remarksOf(results: readonly ResultInput[]): Remark[] {
  return results.flatMap((result): Remark[] => {
    const subject = runName(result);
    const reasons = result.status === "graded" ? [] : reasonsOf(result);
    return [
      ...reasons.map((text): Remark => ({ severity: "error", subject, text: oneLine(text, 600) })),
      ...result.findings.map(
        (finding): Remark => ({ severity: finding.severity, subject, text: findingText(finding) }),
      ),
      ...result.metrics.flatMap(({ label, value, problem, part }): Remark[] =>
        value === null && part === undefined
          ? [
              {
                severity: "warning",
                subject,
                text: oneLine(
                  `${label} could not be computed: ${firstLine(problem ?? "no reason was recorded")}`,
                  600,
                ),
              },
            ]
          : [],
      ),
    ];
  });
}

function reasonsOf({ status, reasons, run }: ResultInput): string[] {
  const found = reasons.length > 0 ? [...reasons] : [run?.detail ?? "no reason was recorded."];
  const prefix = status === "failed" ? "failed" : "could not be graded, which is not the submission's fault";
  return found.map((reason, i) => (i === 0 ? `${prefix}: ${reason}` : reason));
}

const FILES_SHOWN = 10;

function findingText({ message, files, total }: FindingInput): string {
  const names = files.slice(0, FILES_SHOWN).map((name) => oneLine(name, 120));
  const more = total > names.length && names.length > 0 ? ` and ${total - names.length} more` : "";
  return `${oneLine(message, 600)}${names.length > 0 ? ` Files: ${names.join(", ")}${more}.` : ""}`;
}

/** What each run printed, the end of it. */
export function logsOf(results: readonly ResultInput[]): NonNullable<Section["logs"]> {
  return results.flatMap((result) =>
    (["stderr", "stdout"] as const).flatMap((stream) => {
      const text = result.run?.[stream] ?? "";
      if (text.trim() === "") return [];
      const { lines, isCut } = lastLines(text);
      const size = bytes(result.run![`${stream}Bytes`]);
      return [{ title: `${stream} of ${runName(result)}, ${size}${isCut ? ", its end" : ""}`, lines }];
    }),
  );
}
