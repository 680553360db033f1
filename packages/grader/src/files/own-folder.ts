/** Folders that belong to a process: their names say so, for when it has gone without removing them. */

import { mkdtemp, readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { removeFolder } from "./remove-folder.ts";

/** Names of this process's. In a container, one that was killed often had the same number. */
const own = new Set<string>();

const ofThisMachine = (prefix: string) => `${prefix}${hostname().replaceAll(/[^\w.-]/g, "_")}-`;

/** The name of a folder of this process; machines may share the place where it is made. */
export function ownName(prefix: string, rest: string): string {
  const name = `${ofThisMachine(prefix)}${process.pid}-${rest}`;
  own.add(name);
  return name;
}

/** A new folder below `parent` with such a name. */
export async function makeOwnFolder(parent: string, prefix = ""): Promise<string> {
  const folder = await mkdtemp(join(parent, ownName(prefix, "")));
  own.add(basename(folder));
  return folder;
}

/** The folders below `parent` of processes of this machine that were killed. */
export async function staleFolders(parent: string, prefix = ""): Promise<string[]> {
  const start = ofThisMachine(prefix);
  const names = await readdir(parent).catch(() => []);
  const isStale = (name: string) => {
    const pid = name.startsWith(start) ? Number(/^(\d+)-/.exec(name.slice(start.length))?.[1]) : 0;
    return pid > 0 && !own.has(name) && !isAlive(pid);
  };
  return names.filter(isStale).map((name) => join(parent, name));
}

/** Removes those; what cannot be removed stays. */
export async function removeStale(parent: string, prefix = ""): Promise<void> {
  for (const folder of await staleFolders(parent, prefix)) await removeFolder(folder).catch(() => {});
}

/** Another process that is: one that had our number has gone. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
