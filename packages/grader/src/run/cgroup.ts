/** A Linux control group for one run (cgroups(7)), version 1 or 2: counts, limits and kills all that is in it. */

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { staleFolders } from "../files/own-folder.ts";
import type { Limits } from "./request.ts";

/** The controllers of version 1 that serve us, and the nameless one: version 2 says by a group's files what it has. */
const useful = ["", "pids", "cpuacct", "memory"];

/** Of the groups' names. */
export const GROUP_PREFIX = "touchstone-";

export class ControlGroup {
  readonly #folders: readonly string[];

  /** @param folders the group's folder in each hierarchy */
  private constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /**
   * Undefined where no hierarchy lets us make one.
   * @param helpers our own processes in it, on top of those allowed
   * @param parents the folder of our own group in each hierarchy
   */
  static create(
    name: string,
    { memoryBytes, processes }: Pick<Limits, "memoryBytes" | "processes">,
    helpers: number,
    parents: readonly string[] = ownGroups(),
  ): ControlGroup | undefined {
    const folders: string[] = [];
    for (const parent of parents) {
      const folder = join(parent, name);
      try {
        mkdirSync(folder);
        folders.push(folder);
      } catch {
        // Not ours to divide after all, such as a read-only mount: the others may do.
      }
    }
    if (folders.length === 0) return undefined;
    const group = new ControlGroup(folders);
    if (processes !== undefined) group.#write("pids.max", `${Math.floor(processes) + helpers}`);
    if (memoryBytes !== undefined) {
      group.#write("memory.max", `${Math.floor(memoryBytes)}`);
      group.#write("memory.swap.max", "0");
      group.#write("memory.oom.group", "1");
      group.#write("memory.limit_in_bytes", `${Math.floor(memoryBytes)}`);
    }
    return group;
  }

  /** Ends what is left in the groups of graders that were killed, and removes them. */
  static async removeStale(parents: readonly string[] = ownGroups()): Promise<void> {
    for (const parent of parents) {
      for (const folder of await staleFolders(parent, GROUP_PREFIX)) {
        const group = new ControlGroup([folder]);
        try {
          group.kill();
        } catch {
          // Another grader removes it at this moment: the kernel says ENOENT. What is left is ended below.
        }
        for (const pid of group.members()) killIfAlive(pid);
        await group.remove();
      }
    }
  }

  /** A process that writes its id to each of these files belongs to the group, with all its descendants. */
  get joinFiles(): string[] {
    return this.#folders.map((folder) => join(folder, "cgroup.procs"));
  }

  get limitsMemory(): boolean {
    return this.#has("memory.max") || this.#has("memory.limit_in_bytes");
  }

  get limitsProcesses(): boolean {
    return this.#has("pids.max");
  }

  members(): number[] {
    return (this.#read("cgroup.procs") ?? "").split("\n").filter(Boolean).map(Number);
  }

  /** Of all that is and was in the group. Undefined where it is not counted. */
  cpuSeconds(): number | undefined {
    const nanoseconds = this.#read("cpuacct.usage");
    if (nanoseconds !== undefined) return Number(nanoseconds) / 1e9;
    const microseconds = entry(this.#read("cpu.stat"), "usage_usec");
    return microseconds === undefined ? undefined : microseconds / 1e6;
  }

  /** How often a process or thread was refused for the limit. */
  refusedProcesses(): number {
    return entry(this.#read("pids.events"), "max") ?? 0;
  }

  /** Whether a process was killed for the limit on memory. */
  ranOutOfMemory(): boolean {
    const counts = this.#read("memory.events") ?? this.#read("memory.oom_control");
    return (entry(counts, "oom_kill") ?? 0) > 0;
  }

  /** Kills all members at once where the kernel can (5.14); elsewhere the caller kills them one by one. */
  kill(): void {
    this.#write("cgroup.kill", "1");
  }

  /** Once it is empty; the kernel may take some milliseconds to notice that. */
  async remove(): Promise<void> {
    for (const folder of this.#folders) {
      for (let attempt = 0; attempt < 50 && existsSync(folder); attempt++) {
        try {
          rmdirSync(folder);
        } catch {
          await sleep(20);
        }
      }
    }
  }

  #has(file: string): boolean {
    return this.#folders.some((folder) => existsSync(join(folder, file)));
  }

  #read(file: string): string | undefined {
    for (const folder of this.#folders) {
      try {
        return readFileSync(join(folder, file), "utf8");
      } catch {
        // It is in another hierarchy, or in none.
      }
    }
    return undefined;
  }

  #write(file: string, text: string): void {
    const folder = this.#folders.find((each) => existsSync(join(each, file)));
    if (folder) writeFileSync(join(folder, file), text);
  }
}

/**
 * The folders of our own group in the hierarchies where it is ours to divide: it is the root of what we see, or belongs to us
 * without our being root. A group that someone else made and watches is left alone: what we moved out of it would be missed there.
 */
export function ownGroups(): string[] {
  const asRoot = process.getuid?.() === 0;
  return groupsOf(readIfAny("/proc/self/mounts"), readIfAny("/proc/self/cgroup"))
    .filter(({ folder, path }) => (path === "/" || !asRoot) && writable(join(folder, "cgroup.procs")))
    .map(({ folder }) => folder);
}

/**
 * Where a process's groups are, and their names in their hierarchies.
 * @param mounts of /proc/self/mounts
 * @param own of /proc/self/cgroup
 */
export function groupsOf(mounts: string, own: string): { folder: string; path: string }[] {
  // `4:memory:/path`, and `0::/path` of version 2.
  const paths = new Map<string, string>();
  for (const line of own.split("\n")) {
    const [, names = "", path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path !== undefined) for (const name of names.split(",")) paths.set(name, path);
  }
  return mounts.split("\n").flatMap((line) => {
    const [, mountedAt, type, options = ""] = line.split(" ");
    if (mountedAt === undefined || (type !== "cgroup" && type !== "cgroup2")) return [];
    const mounted = type === "cgroup2" ? [""] : options.split(",");
    const path = paths.get(useful.find((name) => mounted.includes(name)) ?? "none");
    return path === undefined ? [] : [{ folder: resolve(mountedAt, `.${path}`), path }];
  });
}

/** Of lines such as `oom_kill 3`. */
function entry(text: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "");
  return found ? Number(found[1]) : undefined;
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has gone by itself.
  }
}

function readIfAny(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
