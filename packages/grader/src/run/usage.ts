/** What is in the folders that a submission may write to: counted, never followed out of them. */

import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";

export interface Usage {
  /** As the files' sizes say, holes included. */
  bytes: number;
  /** All that is not a folder: links and sockets too. */
  files: number;
  folders: number;
}

/** @param folders see `outermost`; one that is gone counts as empty */
export function usageOf(folders: readonly string[]): Usage {
  const total: Usage = { bytes: 0, files: 0, folders: 0 };
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        total.folders++;
        waiting.push(path);
      } else {
        total.files++;
        total.bytes += sizeOf(path);
      }
    }
  }
  return total;
}

/** What came on top of `before`. */
export function growth(now: Usage, before: Usage): Usage {
  return {
    bytes: Math.max(0, now.bytes - before.bytes),
    files: Math.max(0, now.files - before.files),
    folders: Math.max(0, now.folders - before.folders),
  };
}

/** Where the folders really are, without those that lie inside another. */
export function outermost(folders: readonly string[]): string[] {
  const real = [...new Set(folders.map((folder) => realpathSync(folder)))];
  return real.filter((one) => !real.some((other) => one !== other && one.startsWith(other + sep)));
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Removed while we looked, or closed to us by its owner.
    return [];
  }
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path).size;
  } catch {
    return 0;
  }
}
