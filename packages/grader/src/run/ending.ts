/** How a submission ended, as the supervisor reported it, and the verdict that follows. */

import { constants } from "node:os";
import { bytes } from "@touchstone/cli";
import type { ControlGroup } from "./cgroup.ts";
import { type Judgement, overCpu, overMemory, overOutput, overProcesses } from "./meter.ts";
import type { Limits } from "./request.ts";
import type { Usage } from "./usage.ts";

export interface Ending {
  exitCode: number | null;
  signal: string | null;
}

/** A shell, and so our supervisor and bubblewrap, says 128 + n for signal n. */
export function endingOf(code: number | null, signal: NodeJS.Signals | null): Ending {
  if (code === null || code <= 128) return { exitCode: code, signal };
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return name === undefined ? { exitCode: code, signal } : { exitCode: null, signal: name };
}

export interface Evidence {
  ending: Ending;
  limits: Limits;
  cpuSeconds: number;
  peakMemoryBytes: number | undefined;
  output: Usage;
  group: ControlGroup | undefined;
}

/** Of one that ended by itself. A limit that it exceeded unnoticed counts, however it ended. */
export function judge(evidence: Evidence): Judgement {
  const { ending, limits, cpuSeconds, output, group } = evidence;
  return (
    overMemory(limits, evidence.peakMemoryBytes ?? 0) ??
    killedForMemory(evidence) ??
    overProcesses(limits, 0, group?.refusedProcesses() ?? 0) ??
    overCpu(limits, cpuSeconds) ??
    overOutput(limits, output) ??
    tooLargeFile(evidence) ??
    crash(ending) ?? { verdict: "ok", detail: "Ended by itself, inside all limits." }
  );
}

function killedForMemory({ group, limits }: Evidence): Judgement | undefined {
  if (!group?.ranOutOfMemory()) return undefined;
  const limit = bytes(limits.memoryBytes ?? 0);
  return { verdict: "memory", detail: `Exceeded the limit of ${limit} of memory: the kernel stopped it.` };
}

/** A process that writes more than it may (`prepared`) ends by this signal, even if the file is gone afterwards. */
function tooLargeFile({ ending, limits }: Evidence): Judgement | undefined {
  if (ending.signal !== "SIGXFSZ" || limits.outputBytes === undefined) return undefined;
  const limit = bytes(limits.outputBytes);
  return { verdict: "output-bytes", detail: `Exceeded the limit of ${limit} of output by a single file.` };
}

function crash({ exitCode, signal }: Ending): Judgement | undefined {
  if (signal) {
    const hint = signal === "SIGKILL" ? " (none of ours; the machine may have run out of memory)" : "";
    return { verdict: "crashed", detail: `Ended by the signal ${signal}${hint}.` };
  }
  if (exitCode === 0) return undefined;
  return { verdict: "crashed", detail: `Ended with exit code ${exitCode}${meaning[exitCode ?? 0] ?? ""}.` };
}

/** By the convention of shells. */
const meaning: Readonly<Record<number, string>> = {
  126: " (a program that it calls is not executable)",
  127: " (a program that it calls was not found)",
};
