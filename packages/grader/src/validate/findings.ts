/** Findings: the same thing about several files, told once. */

import { printable } from "@touchstone/cli";
import type { Finding } from "../results/results.ts";

/** Files that a finding names, at most. */
const NAMED = 20;
/** Different messages that one finding tells, at most. */
const MESSAGES = 3;

/** One file, or one row, and what is wrong with it. */
export interface Fault {
  code: string;
  severity: Finding["severity"];
  /** What was expected and found; the same words for files with the same fault. */
  message: string;
  /** As it is spelled, safe to print or not. */
  file: string;
}

/** One finding for each code and severity, errors first. */
export function gather(faults: readonly Fault[]): Finding[] {
  const groups = new Map<string, Fault[]>();
  for (const fault of faults) {
    const kind = `${fault.severity} ${fault.code}`;
    const group = groups.get(kind);
    if (group) group.push(fault);
    else groups.set(kind, [fault]);
  }
  const findings = [...groups.values()].map((group): Finding => {
    const messages = [...new Set(group.map(({ message }) => message))];
    const more = messages.length > MESSAGES ? `; and ${messages.length - MESSAGES} more` : "";
    return {
      code: group[0]!.code,
      severity: group[0]!.severity,
      message: messages.slice(0, MESSAGES).join("; ") + more,
      files: group.slice(0, NAMED).map(({ file }) => printable(file)),
      total: group.length,
    };
  });
  return errorsFirst(findings);
}

export function errorsFirst(findings: readonly Finding[]): Finding[] {
  return [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
}

/** Whether the output is not what was asked for: the run has failed. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(isError);
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}
