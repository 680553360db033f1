/** Writing a file so that nobody ever sees half of it: a temporary file in the same folder, fsync, rename. */

import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StatisticsWriteError } from "./errors.ts";

/** An existing file is replaced at the last moment or not at all; a link stays a link. @throws StatisticsWriteError */
export async function writeAtomically(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  try {
    const target = await realpath(path).catch(() => resolve(path));
    const temporary = join(dirname(target), `.touchstone-${process.pid}-${randomBytes(6).toString("hex")}`);
    try {
      const file = await open(temporary, "wx");
      try {
        for (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw new StatisticsWriteError(path, error);
  }
}
