/** A folder for a test file's own files, gone when its tests are done. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export interface Scratch {
  folder: string;
  path(name: string): string;
  /** Writes the bytes and returns the path. */
  write(name: string, bytes: Uint8Array | string): string;
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-nn-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    write(name, bytes) {
      writeFileSync(path(name), bytes);
      return path(name);
    },
  };
}
