/** Copies a student's folder: its files and the links that stay in it, nothing from outside and nothing that is neither. */

import { constants, type Stats } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, readlink, realpath, symlink } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { CopyTargetError, NoSubmissionError, SubmissionTooLargeError } from "./errors.ts";

export interface CopyLimits {
  /** Default 4 GiB. */
  bytes?: number;
  /** Files, links and folders together. Default 100,000. */
  files?: number;
  /** A folder in it that is none of it: where results go. The copy may be below. */
  except?: string;
}

export interface LeftOut {
  /** From the submission's folder. */
  path: string;
  /** `a link out of the folder`, `a named pipe`: goes on after "left out: ". */
  reason: string;
}

export interface Copied {
  files: number;
  bytes: number;
  leftOut: LeftOut[];
}

/**
 * Files keep whether they are executable, and no other permission.
 * @param to is made; may be there if it is empty
 * @throws NoSubmissionError, SubmissionTooLargeError, CopyTargetError
 */
export async function copySubmission(from: string, to: string, limits: CopyLimits = {}): Promise<Copied> {
  const root = await submissionRoot(from);
  const { bytes = 4 * 2 ** 30, files = 100_000 } = limits;
  const except = limits.except === undefined ? undefined : await realpath(limits.except);
  await makeTarget(root, to, except);
  const copied: Copied = { files: 0, bytes: 0, leftOut: [] };
  let entries = 0;
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const names = await readdir(join(root, folder)).catch((error) => problem(error));
    if (typeof names === "string") {
      copied.leftOut.push({ path: folder, reason: names });
      continue;
    }
    for (const name of names.sort()) {
      const path = join(folder, name);
      if (join(root, path) === except) continue;
      const stats = await lstat(join(root, path)).catch((error) => problem(error));
      entries++;
      const size = typeof stats !== "string" && stats.isFile() ? stats.size : 0;
      if (entries > files || copied.bytes + size > bytes)
        throw new SubmissionTooLargeError(from, { bytes, files });
      const reason = typeof stats === "string" ? stats : await copyEntry({ root, to, path, stats });
      if (reason) copied.leftOut.push({ path, reason });
      else if (typeof stats !== "string" && stats.isDirectory()) waiting.push(path);
      else {
        copied.files++;
        copied.bytes += size;
      }
    }
  }
  return copied;
}

interface Entry {
  root: string;
  to: string;
  path: string;
  stats: Stats;
}

/** @returns why it was left out, if it was */
async function copyEntry({ root, to, path, stats }: Entry): Promise<string | undefined> {
  const source = join(root, path);
  const target = join(to, path);
  if (stats.isDirectory()) {
    await writing(to, mkdir(target));
    return undefined;
  }
  if (stats.isSymbolicLink()) return copyLink(root, source, target);
  if (stats.isFile()) return copyFile(source, target, stats.size, to);
  if (stats.isFIFO()) return "a named pipe";
  return stats.isSocket() ? "a socket" : "a device";
}

async function copyLink(root: string, source: string, target: string): Promise<string | undefined> {
  const text = await readlink(source);
  if (isAbsolute(text)) return "a link to an absolute path";
  // All links on the way count, and so does one that leads to itself.
  const end = await realpath(resolve(dirname(source), text)).catch(() => undefined);
  if (end === undefined) return "a link that leads nowhere";
  if (!isInside(root, end)) return "a link out of the folder";
  await symlink(text, target);
  return undefined;
}

/** Opened so that it neither follows a link nor waits for a pipe, should the entry have been exchanged since. */
async function copyFile(
  source: string,
  target: string,
  size: number,
  to: string,
): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(source, flags).catch((error) => problem(error));
  if (typeof file === "string") return file;
  try {
    const { mode } = await file.stat();
    const copy = await writing(to, open(target, "wx"));
    // No further than the size that was counted.
    const content = size === 0 ? [] : file.createReadStream({ end: size - 1, autoClose: false });
    await writing(to, pipeline(content, copy.createWriteStream()));
    await chmod(target, mode & 0o111 ? 0o755 : 0o644);
    return undefined;
  } finally {
    await file.close();
  }
}

/** Where a submission really is. @throws NoSubmissionError */
export async function submissionRoot(from: string): Promise<string> {
  try {
    const root = await realpath(from);
    if ((await lstat(root)).isDirectory()) {
      await readdir(root);
      return root;
    }
  } catch (error) {
    throw new NoSubmissionError(from, problem(error), { cause: error });
  }
  throw new NoSubmissionError(from, "no folder");
}

async function makeTarget(root: string, to: string, except: string | undefined): Promise<void> {
  await writing(to, mkdir(to, { recursive: true }));
  const target = await realpath(to);
  const isApart = except !== undefined && except !== root && isInside(except, target);
  if (isInside(root, target) && !isApart) throw new CopyTargetError(to, "one inside the submission");
  if ((await readdir(to)).length > 0) throw new CopyTargetError(to, "files in it");
}

/** What cannot be written is the target's fault: a full disk, most of all. */
async function writing<T>(to: string, act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    throw new CopyTargetError(to, problem(error), { cause: error });
  }
}

function isInside(root: string, path: string): boolean {
  const inner = relative(root, path);
  return inner !== ".." && !inner.startsWith(`..${sep}`) && !isAbsolute(inner);
}

function problem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "no right to read it";
    case "ENOENT":
      return "nothing there, or a name that is not UTF-8";
    case "ENOSPC":
      return "no space left";
    default:
      return code ?? message;
  }
}
