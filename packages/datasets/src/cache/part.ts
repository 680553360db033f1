/**
 * A file on its way into the cache: `<destination>.part-<pid>-<random>-<host>/`, a folder that one process owns. Only when its
 * bytes are complete and checked are they renamed to the destination. A later process takes over what a dead one left
 * behind; renaming the folder is what makes sure that only one does.
 */

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { storing } from "./errors.ts";

export interface Part {
  destination: string;
  folder: string;
  /** Path of what has arrived so far. */
  bytes: string;
}

/** Where the bytes of a part come from. */
export interface Source {
  url: string;
  /** The `ETag` or `Last-Modified` that came with them; a resumed request asks for the same version. */
  validator: string;
}

const HOST = hostname().replace(/[^\w.]/g, "_");
/** Folders that this process is filling now. */
const inUse = new Set<string>();

/** A part that is this process's alone: taken over from a process that died, or an empty one. */
export async function claimPart(destination: string): Promise<Part> {
  const parent = dirname(destination);
  await storing(parent, mkdir(parent, { recursive: true }));
  const folder = `${destination}.part-${process.pid}-${randomBytes(4).toString("hex")}-${HOST}`;
  inUse.add(folder);
  let isTaken = false;
  for (const left of await abandoned(destination)) {
    if (isTaken) await storing(left, rm(left, { recursive: true, force: true }));
    else
      isTaken = await rename(left, folder).then(
        () => true,
        () => false, // Another process was faster.
      );
  }
  if (!isTaken) await storing(folder, mkdir(folder));
  return { destination, folder, bytes: join(folder, "bytes") };
}

/** Lets go of a part, which stays for whoever comes next; one with nothing in it is removed. */
export async function releasePart(part: Part): Promise<void> {
  inUse.delete(part.folder);
  if ((await sizeOf(part)) === 0) await rm(part.folder, { recursive: true, force: true });
}

/** Makes the bytes, which must be complete and checked, the file at the destination, in place of any older one. */
export async function publish(part: Part): Promise<void> {
  await storing(part.destination, rename(part.bytes, part.destination));
  await syncFolder(dirname(part.destination));
  await rm(part.folder, { recursive: true, force: true });
}

export async function sizeOf(part: Part): Promise<number> {
  return (await stat(part.bytes).catch(() => undefined))?.size ?? 0;
}

export async function emptyPart(part: Part): Promise<void> {
  await storing(part.bytes, rm(part.bytes, { force: true }));
}

export async function rememberSource(part: Part, source: Source | undefined): Promise<void> {
  const path = join(part.folder, "source.json");
  if (source) await storing(path, writeFile(path, JSON.stringify(source)));
  else await storing(path, rm(path, { force: true }));
}

export async function recallSource(part: Part): Promise<Partial<Source>> {
  try {
    return JSON.parse(await readFile(join(part.folder, "source.json"), "utf8")) ?? {};
  } catch {
    return {}; // Never written, or cut off by a crash: the download begins anew.
  }
}

async function abandoned(destination: string): Promise<string[]> {
  const prefix = `${basename(destination)}.part-`;
  const parent = dirname(destination);
  return (await storing(parent, readdir(parent)))
    .filter((name) => {
      if (!name.startsWith(prefix)) return false;
      const [, pid, host] = name.slice(prefix.length).match(/^(\d+)-[0-9a-f]+-(.*)$/) ?? [];
      if (host !== HOST) return false;
      return Number(pid) === process.pid ? !inUse.has(join(parent, name)) : !isAlive(Number(pid));
    })
    .map((name) => join(parent, name));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A rename survives a power cut only once its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder, and needs no such thing.
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
