/** Measures a running submission, and says when it has exceeded a limit. */

import { bytes, duration } from "@touchstone/cli";
import type { Family } from "./family.ts";
import type { Job } from "./job.ts";
import { proportionalBytes, residentBytes } from "./processes.ts";
import type { Limits, Verdict } from "./request.ts";
import { growth, outermost, type Usage, usageOf } from "./usage.ts";

/** What is said of a run: the verdict, and the sentence for the student. */
export interface Judgement {
  verdict: Verdict;
  detail: string;
}

/** Counting files may take this share of our time at most. */
const countingShare = 0.1;

export class Meter {
  readonly #job: Job;
  /** The folders of its output, and what was in them before it began. */
  readonly #folders: readonly string[];
  readonly #before: Usage;
  /** Of the set-up: what had been used when the submission began. */
  #cpuBefore = 0;
  /** Mount points below /tmp are made in the temporary folder. */
  #temporaryBefore: Usage;
  #cpuSeconds = 0;
  #countAgainAt = 0;
  /** Undefined until it was measured. */
  peakMemoryBytes: number | undefined;

  constructor(job: Job) {
    this.#job = job;
    this.#folders = outermost(job.output);
    this.#before = usageOf(this.#folders);
    this.#temporaryBefore = usageOf([job.workspace.scratch]);
  }

  /** To be called when the submission begins. */
  begin(): void {
    this.#cpuBefore = this.#job.group?.cpuSeconds() ?? 0;
    this.#temporaryBefore = usageOf([this.#job.workspace.scratch]);
  }

  get cpuSeconds(): number {
    const counted = this.#job.group?.cpuSeconds();
    return counted === undefined ? this.#cpuSeconds : Math.max(0, counted - this.#cpuBefore);
  }

  output(): Usage {
    return growth(usageOf(this.#folders), this.#before);
  }

  #temporary(): Usage {
    return growth(usageOf([this.#job.workspace.scratch]), this.#temporaryBefore);
  }

  sample(family: Family): Judgement | undefined {
    const { helpers, limits, group } = this.#job;
    const members = family.members();
    this.#cpuSeconds = Math.max(
      this.#cpuSeconds,
      members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    );
    const threads = members.reduce((sum, member) => sum + member.threads, 0) - helpers;
    const memory = this.#memoryOf(members.map(({ pid }) => pid));
    if (memory > 0) this.peakMemoryBytes = Math.max(this.peakMemoryBytes ?? 0, memory);
    return (
      overMemory(limits, memory) ??
      overProcesses(limits, threads, group?.refusedProcesses() ?? 0) ??
      overCpu(limits, this.cpuSeconds) ??
      this.#overOutput()
    );
  }

  #memoryOf(pids: readonly number[]): number {
    const resident = sum(pids.map(residentBytes));
    // Shared libraries and copies-on-write count in each: before that is held against it, look more closely.
    const doubtful = pids.length > 1 && resident > (this.#job.limits.memoryBytes ?? Infinity);
    return doubtful ? sum(pids.map(proportionalBytes)) : resident;
  }

  #overOutput(): Judgement | undefined {
    const now = performance.now();
    if (now < this.#countAgainAt) return undefined;
    const exceeded =
      overOutput(this.#job.limits, this.output()) ??
      overOutput(this.#job.limits, this.#temporary(), " in its temporary folder");
    const end = performance.now();
    this.#countAgainAt = end + (end - now) / countingShare;
    return exceeded;
  }
}

export function overMemory({ memoryBytes }: Limits, used: number): Judgement | undefined {
  if (memoryBytes === undefined || used <= memoryBytes) return undefined;
  return exceeded("memory", `${bytes(memoryBytes)} of memory`, `${bytes(used)} were in use`);
}

export function overProcesses({ processes }: Limits, alive: number, refused: number): Judgement | undefined {
  if (processes === undefined || (alive <= processes && refused === 0)) return undefined;
  const found = refused > 0 ? "it tried to start more" : `${alive} were alive`;
  return exceeded("processes", `${processes} processes and threads at once`, found);
}

export function overCpu({ cpuSeconds }: Limits, used: number): Judgement | undefined {
  if (cpuSeconds === undefined || used <= cpuSeconds) return undefined;
  return exceeded("cpu-time", `${duration(cpuSeconds)} of CPU time`, `${duration(used)} were used`);
}

export function overWall({ wallSeconds }: Limits): Judgement {
  return exceeded("wall-time", `${duration(wallSeconds)} of time`, "it was still running, and was stopped");
}

export function overOutput(
  { outputBytes = Infinity, outputFiles = Infinity }: Limits,
  used: Usage,
  where = "",
): Judgement | undefined {
  if (used.bytes > outputBytes)
    return exceeded(
      "output-bytes",
      `${bytes(outputBytes)} of output${where}`,
      `${bytes(used.bytes)} were written`,
    );
  if (used.files > outputFiles)
    return exceeded("output-files", `${outputFiles} files of output${where}`, `${used.files} were written`);
  if (used.folders > outputFiles)
    return exceeded("output-files", `${outputFiles} folders of output${where}`, `${used.folders} were made`);
  return undefined;
}

function exceeded(verdict: Verdict, limit: string, found: string): Judgement {
  return { verdict, detail: `Exceeded the limit of ${limit}: ${found}.` };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
