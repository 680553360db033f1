/** Who a process is, so that another one can tell whether it lives: a number alone is given again. */

import { hostname } from "node:os";
import { readStat } from "@touchstone/grader";

/** As it stands in the names of files. */
export interface Owner {
  host: string;
  pid: number;
  /** Clock ticks from boot to its start; 0 where the system does not say. */
  start: number;
}

export const self: Owner = {
  host: hostname().replaceAll(/[^\w.]/g, "_"),
  pid: process.pid,
  start: readStat(process.pid)?.startTicks ?? 0,
};

/** Of a process of this machine. */
export function lives({ pid, start }: Owner): boolean {
  const stat = readStat(pid);
  if (stat) return !stat.zombie && stat.startTicks === start;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
