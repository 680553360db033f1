/** Bubblewrap: namespaces of their own for processes, network and mounts, for which no rights are needed (bwrap(1)). */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Mount, planMounts } from "./mounts.ts";
import { findProgram } from "./program.ts";

/** How to start it here. */
export interface Bubblewrap {
  path: string;
  /** What it needs here besides what it is asked for. */
  flags: readonly string[];
  /** Whether it can limit the size of a file system in memory (since 0.7). */
  sizes: boolean;
}

/** Why it cannot be used. */
export interface NoBubblewrap {
  reason: string;
}

/** Of its own besides the submission: itself, the first process of the namespace, and our supervisor. */
export const helperProcesses = 3;

let found: Promise<Bubblewrap | NoBubblewrap> | undefined;

/** Tries it once, with all that a run uses. */
export function bubblewrap(): Promise<Bubblewrap | NoBubblewrap> {
  found ??= probe();
  return found;
}

async function probe(): Promise<Bubblewrap | NoBubblewrap> {
  if (process.platform !== "linux") return { reason: `it does not exist for ${process.platform}` };
  // By our own PATH: a submission's may lead into its own folder.
  const program = findProgram("bwrap", "/", process.env.PATH ?? "");
  if ("problem" in program) return { reason: "it is not installed (package bubblewrap)" };
  const nothing = { scratch: "/tmp", writable: [], readable: [], hidden: [], network: false, gpu: false };
  const mounts = planMounts(nothing);
  let reason = "";
  for (const way of ways) {
    const bubblewrap = { ...way, path: program.path };
    const options = { bubblewrap, mounts, network: false, cwd: "/", sharedMemoryBytes: 2 ** 20 };
    const [path, ...arguments_] = bubblewrapCommand(options) as [string, ...string[]];
    try {
      await promisify(execFile)(path, [...arguments_, "/bin/sh", "-c", ":"], { timeout: 20_000 });
      return bubblewrap;
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: string };
      reason ||= `it does not work here (${(stderr || message).trim().split("\n").at(-1)})`;
    }
  }
  return { reason };
}

/** Root has all rights, unless it was stripped of them as in most containers: a user namespace may give them back. */
const ways = [true, false].flatMap((sizes) => [
  { sizes, flags: [] },
  { sizes, flags: ["--unshare-user"] },
]);

export interface BubblewrapOptions {
  bubblewrap: Bubblewrap;
  mounts: readonly Mount[];
  network: boolean;
  cwd: string;
  /** Of files in /dev/shm, which live in memory. */
  sharedMemoryBytes?: number | undefined;
}

/** All that goes before the command. */
export function bubblewrapCommand(options: BubblewrapOptions): string[] {
  const { bubblewrap, sharedMemoryBytes } = options;
  const sized = bubblewrap.sizes && sharedMemoryBytes !== undefined;
  const size = sized ? ["--size", `${Math.ceil(sharedMemoryBytes)}`] : [];
  const below = options.mounts.filter(({ target }) => target !== "/");
  const root = options.mounts.filter(({ target }) => target === "/");
  return [
    bubblewrap.path,
    ...bubblewrap.flags,
    ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "grading"],
    ...(options.network ? [] : ["--unshare-net"]),
    ...["--die-with-parent", "--new-session", "--cap-drop", "ALL"],
    ...root.flatMap(mountArguments),
    ...["--proc", "/proc", "--dev", "/dev", ...size, "--perms", "1777", "--tmpfs", "/dev/shm"],
    ...below.flatMap(mountArguments),
    // What was made to carry the mounts: written to, it would take memory.
    ...["/", ...below.filter(({ kind }) => kind === "empty-folder").map(({ target }) => target)].flatMap(
      (target) => ["--remount-ro", target],
    ),
    ...["--chdir", options.cwd, "--"],
  ];
}

function mountArguments({ kind, source, target }: Mount): string[] {
  switch (kind) {
    case "read":
      return ["--ro-bind", source, target];
    case "write":
      return ["--bind", source, target];
    case "device":
      return ["--dev-bind", source, target];
    case "empty-folder":
      return ["--tmpfs", target];
    case "empty-file":
      return ["--ro-bind", "/dev/null", target];
  }
}
