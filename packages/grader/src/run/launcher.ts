/** The two small shell programs around a submission: one prepares, the other tells when it began and ended. */

import { existsSync } from "node:fs";
import type { ControlGroup } from "./cgroup.ts";
import { threadsOf } from "./processes.ts";
import type { Limits } from "./request.ts";

const shell = "/bin/sh";

/**
 * Stays beside the submission, as its parent, and reports on file descriptor 3: `start`; then `end N` with the number of processes
 * it sees, and the times of the shell's `times`. What the shell has to say itself (`Killed`) is not the submission's output. A
 * signal to the whole process group, `kill 0`, is for the submission: were it ignored, the submission would inherit that.
 */
const supervise = `
trap : HUP INT TERM
exec 4>&2 2>/dev/null
echo start >&3
(exec "$@" 2>&4 3>&- 4>&-)
code=$?
set -- /proc/[0-9]*
echo "end $#" >&3
times >&3
exit $code`;

/** @param command whose first part is a path */
export function supervised(command: readonly string[]): string[] {
  return [shell, "-c", supervise, "sh", ...command];
}

/**
 * Joins the control group before anything of the submission exists, sets what the kernel limits for each process, and becomes
 * `command`.
 */
export function prepared(
  command: readonly string[],
  limits: Limits,
  group: ControlGroup | undefined,
): string[] {
  const lines = [
    ...(group?.joinFiles ?? []).map((file) => `echo $$ > '${file.replaceAll("'", "'\\''")}' || exit 1`),
    "umask 022",
    "ulimit -c 0",
    ...resourceLimits(limits).map((limit) => `ulimit ${limit} 2>/dev/null`),
    'exec "$@"',
  ];
  const ownLimit = group?.limitsProcesses ? [] : processLimit(limits);
  return [...ownLimit, shell, "-c", lines.join("\n"), "sh", ...command];
}

/** Each is for one process, and looser than the limit: it stops what outruns the sampling. A stricter one in force stays. */
function resourceLimits({ cpuSeconds, memoryBytes, outputBytes }: Limits): string[] {
  const limits: string[] = [];
  if (cpuSeconds !== undefined) limits.push(`-t ${Math.ceil(cpuSeconds) + 1}`);
  // In blocks of 512 bytes, one more than allowed: a file that reached it shows that it would not stop.
  if (outputBytes !== undefined) limits.push(`-f ${Math.floor(outputBytes / 512) + 1}`);
  if (memoryBytes !== undefined) limits.push(`-d ${Math.ceil(dataLimit(memoryBytes) / 1024)}`);
  return limits;
}

/** RLIMIT_DATA counts what is reserved, such as the stacks of idle threads: room for that. */
const dataLimit = (memoryBytes: number) => 2 * memoryBytes + 2 ** 30;

/** RLIMIT_NPROC, which no shell in common sets. It counts all of the user's, so there is room for what others start; root is exempt. */
function processLimit({ processes }: Limits): string[] {
  const user = process.getuid?.() ?? 0;
  const prlimit = "/usr/bin/prlimit";
  if (processes === undefined || user === 0 || !existsSync(prlimit)) return [];
  return [prlimit, `--nproc=${threadsOf(user) + Math.floor(processes) + 64}`, "--"];
}
