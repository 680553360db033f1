/**
 * `takeLock(folder, options)`: a lock of processes, shared or exclusive, first come first served. Lamport's bakery (CACM 17, 1974): who comes
 * takes a number above all that are there, and waits for the lower ones. Each has files of its own with names of their own, so what a dead
 * process left can be removed by anybody at any time, and nobody can take away a lock that is held.
 */

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lives, type Owner, self } from "./live.ts";

export interface LockOptions {
  mode: "shared" | "exclusive";
  signal?: AbortSignal | undefined;
  /**
   * Seconds after which a process of another machine is taken for dead when it has not touched its files, which it does four times as often.
   * Without it the folder is one machine's, and its processes need not be able to touch anything.
   */
  lostAfter?: number;
}

/** Ends the lock. */
export type Release = () => Promise<void>;

const PAUSE_MS = 50;

/** @throws the signal's reason; the system's error where the folder cannot be written */
export async function takeLock(folder: string, { mode, signal, lostAfter }: LockOptions): Promise<Release> {
  signal?.throwIfAborted();
  await mkdir(folder, { recursive: true });
  const id = `${mode}-${self.pid}-${self.start}-${randomBytes(6).toString("hex")}-${self.host}`;
  const choosing = join(folder, `choosing-0-${id}`);
  await create(choosing);
  const number = 1 + Math.max(0, ...(await entries(folder, lostAfter)).map((entry) => entry.number));
  const ticket = join(folder, `ticket-${number}-${id}`);
  await create(ticket);
  await rm(choosing);
  const heart = lostAfter === undefined ? undefined : setInterval(beat, (lostAfter * 1000) / 4, ticket);
  heart?.unref();
  const release = async () => {
    clearInterval(heart);
    await rm(ticket, { force: true });
  };
  const isBefore = (entry: Entry) =>
    entry.kind === "ticket" &&
    (mode === "exclusive" || entry.mode === "exclusive") &&
    (entry.number < number || (entry.number === number && entry.id < id));
  try {
    for (;;) {
      // In this order: who was choosing when the first list was made is in the second with a number.
      const isChoosing = (await entries(folder, lostAfter)).some(({ kind }) => kind === "choosing");
      if (!isChoosing && !(await entries(folder, lostAfter)).some(isBefore)) return release;
      await sleep(PAUSE_MS, undefined, { signal });
    }
  } catch (error) {
    await release();
    throw signal?.aborted ? signal.reason : error;
  }
}

interface Entry {
  kind: string;
  number: number;
  id: string;
  mode: string;
}

/** Of the living; what the dead left is removed. */
async function entries(folder: string, lostAfter: number | undefined): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const name of await readdir(folder)) {
    const [, kind, number, id, mode, pid, start, host] =
      /^(choosing|ticket)-(\d+)-((shared|exclusive)-(\d+)-(\d+)-\w+-(.*))$/.exec(name) ?? [];
    if (kind === undefined) continue;
    const path = join(folder, name);
    const owner = { host: host!, pid: Number(pid), start: Number(start) };
    if (await isThere(path, owner, lostAfter))
      found.push({ kind, number: Number(number), id: id!, mode: mode! });
    else await rm(path, { force: true });
  }
  return found;
}

async function isThere(path: string, owner: Owner, lostAfter: number | undefined): Promise<boolean> {
  if (owner.host === self.host) return lives(owner);
  if (lostAfter === undefined) return true;
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs < lostAfter * 1000;
}

async function create(path: string): Promise<void> {
  await (await open(path, "wx")).close();
}

function beat(path: string): void {
  const now = new Date();
  utimes(path, now, now).catch(() => {});
}
