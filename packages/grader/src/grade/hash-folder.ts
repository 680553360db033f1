/** One hash of all that a folder holds. */

import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
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

/**
 * Of the names and contents of a folder's files, or of one file: the same on every machine that has the data. Hidden files count, times do not;
 * a file is read again only when its size or time has changed since this process has read it.
 */
export async function hashData(path: string): Promise<string> {
  const names = (await stat(path)).isDirectory() ? (await readdir(path, { recursive: true })).sort() : [""];
  const hash = createHash("sha256");
  for (const name of names) {
    const file = join(path, name);
    const stats = await stat(file).catch(() => undefined); // A link to nowhere is none of the data.
    if (stats?.isFile()) hash.update(`${JSON.stringify(name)} ${await rememberedHash(file, stats)}\n`);
  }
  return hash.digest("hex");
}

const remembered = new Map<string, { size: number; mtimeMs: number; sha256: string }>();

async function rememberedHash(file: string, { size, mtimeMs }: Stats): Promise<string> {
  const before = remembered.get(file);
  if (before?.size === size && before.mtimeMs === mtimeMs) return before.sha256;
  const sha256 = await hashFile(file);
  remembered.set(file, { size, mtimeMs, sha256 });
  return sha256;
}
