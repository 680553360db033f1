/** Reads processes from Linux's /proc (proc(5)). Elsewhere nothing is found. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";

export interface ProcessStat {
  pid: number;
  parent: number;
  session: number;
  threads: number;
  /** User and system time of its own and of the children that it has waited for. */
  cpuSeconds: number;
  /** Clock ticks since boot; with the pid, unlike that of any other process. */
  startTicks: number;
  /** Has ended, and waits for its parent to notice. */
  zombie: boolean;
}

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

export const hasProc = existsSync("/proc/self/stat");

export function allPids(): number[] {
  return hasProc ? readdirSync("/proc").map(Number).filter(Number.isInteger) : [];
}

export function readStat(pid: number): ProcessStat | undefined {
  const text = readOrNothing(`/proc/${pid}/stat`);
  if (!text) return undefined;
  // The name stands in parentheses and may itself contain some; field 3 of proc(5) comes after the last.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid,
    parent: field(4),
    session: field(6),
    threads: field(20),
    cpuSeconds: (field(14) + field(15) + field(16) + field(17)) / ticksPerSecond,
    startTicks: field(22),
    zombie: fields[0] === "Z" || fields[0] === "X",
  };
}

/** Resident bytes; what is shared between processes counts in each. Zero for one that has gone. */
export function residentBytes(pid: number): number {
  return kibibytes(readOrNothing(`/proc/${pid}/status`), "VmRSS");
}

/** Resident bytes, where what is shared between n processes counts 1/n in each. Slow: some milliseconds. */
export function proportionalBytes(pid: number): number {
  return kibibytes(readOrNothing(`/proc/${pid}/smaps_rollup`), "Pss") || residentBytes(pid);
}

/** Undefined where it may not be read, or not now because the process is just starting a program. */
export function hasEnvironment(pid: number, entry: string): boolean | undefined {
  const text = readOrNothing(`/proc/${pid}/environ`);
  return text ? text.split("\0").includes(entry) : undefined;
}

/** All that are alive of a user's, by number. */
export function threadsOf(user: number): number {
  const own = allPids().filter((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === user);
  return own.reduce((sum, pid) => sum + (readStat(pid)?.threads ?? 0), 0);
}

function kibibytes(text: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text);
  return found ? Number(found[1]) * 1024 : 0;
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
