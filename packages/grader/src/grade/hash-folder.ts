/** One hash of all that a folder holds. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Of paths, contents, links' targets and whether files are executable. Hexadecimal SHA-256. */
export async function hashFolder(folder: string): Promise<string> {
  const lines: string[] = [];
  const visit = async (path: string): Promise<void> => {
    for (const name of (await readdir(join(folder, path))).sort()) {
      const inside = join(path, name);
      const file = join(folder, inside);
      const stats = await lstat(file);
      if (stats.isDirectory()) {
        lines.push(`folder ${JSON.stringify(inside)}`);
        await visit(inside);
      } else if (stats.isSymbolicLink()) {
        lines.push(`link ${JSON.stringify(inside)} ${JSON.stringify(await readlink(file))}`);
      } else if (stats.isFile()) {
        lines.push(
          `file ${JSON.stringify(inside)} ${stats.mode & 0o100 ? "x" : "-"} ${await hashFile(file)}`,
        );
      }
    }
  };
  await visit("");
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

export async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Of the names, sizes and times of a folder's files, or of one file: cheap, and enough to notice that reference data was exchanged. */
export async function hashListing(path: string): Promise<string> {
  const names = (await stat(path)).isDirectory() ? (await readdir(path)).sort() : [""];
  const hash = createHash("sha256");
  for (const name of names) {
    const file = join(path, name);
    // A link to nowhere is none of the data.
    const { size, mtimeMs } = await stat(file).catch(() => lstat(file));
    hash.update(`${JSON.stringify(name)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex");
}
