/** Copies the images of one folder of the homework's layout, and its table of labels. */

import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Work } from "@touchstone/cli";
import { storing } from "../cache/errors.ts";
import { refuseProblems } from "../errors.ts";
import { openImages } from "../images/open.ts";

/**
 * Copies what `openImages` takes for images, and nothing else that may lie in the folder.
 *
 * @throws ProblemsError naming what is no image, StorageError
 */
export async function* copySplit(from: string, to: string, label: string, signal?: AbortSignal): Work<void> {
  const source = await openImages(from);
  try {
    refuseProblems(from, source.problems);
    await storing(to, mkdir(to, { recursive: true }));
    const total = source.entries.length;
    for (const [i, entry] of source.entries.entries()) {
      signal?.throwIfAborted();
      const path = join(to, entry.name);
      await storing(path, writeFile(path, await source.read(entry)));
      yield { label, done: i + 1, total, unit: "images" };
    }
    if (existsSync(`${from}.csv`)) await storing(`${to}.csv`, copyFile(`${from}.csv`, `${to}.csv`));
  } finally {
    await source.close();
  }
}
