/** Looks at a request before anything is done for it. */

import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { resolve } from "node:path";
import { bytes } from "@touchstone/cli";
import { InvalidRunRequestError, MissingRunFolderError, NoSpaceError } from "./errors.ts";
import type { Limits, RunRequest } from "./request.ts";

/**
 * @returns the request with absolute paths
 * @throws InvalidRunRequestError, MissingRunFolderError, NoSpaceError
 */
export async function checkRequest(request: RunRequest): Promise<RunRequest> {
  if (!request.command[0]) throw new InvalidRunRequestError("command", "a program", "none");
  const texts = [...request.command, ...Object.entries(request.env ?? {}).flat()];
  if (texts.some((text) => text.includes("\0")))
    throw new InvalidRunRequestError("command and env", "text without NUL", "one with it");
  checkLimits(request.limits);
  const absolute = (paths: readonly string[]) => paths.map((path) => resolve(path));
  const checked = {
    ...request,
    cwd: resolve(request.cwd),
    writable: absolute(request.writable),
    readable: absolute(request.readable),
    hidden: absolute(request.hidden),
  };
  expectFolder("cwd", checked.cwd);
  for (const path of checked.writable) expectFolder("writable", path);
  for (const path of checked.readable) {
    if (!statOf(path)) throw new MissingRunFolderError("readable", path, "a file or folder");
  }
  for (const path of [checked.cwd, ...checked.writable]) await expectSpace(path, request.limits);
  return checked;
}

/** Below these nothing could run. */
const leastLimits: Partial<Limits> = {
  wallSeconds: 0.001,
  cpuSeconds: 0.001,
  processes: 1,
  memoryBytes: 2 ** 20,
};

function checkLimits(limits: Limits): void {
  for (const [name, value] of Object.entries(limits) as [keyof Limits, number | undefined][]) {
    const least = leastLimits[name] ?? 0;
    if (value !== undefined && !(value >= least && Number.isFinite(value)))
      throw new InvalidRunRequestError(`limits.${name}`, `a number from ${least}`, value);
  }
  // What setTimeout can wait for: 24.8 days.
  if (!(limits.wallSeconds < 2 ** 31 / 1000))
    throw new InvalidRunRequestError("limits.wallSeconds", "less than 24 days", limits.wallSeconds);
}

function expectFolder(field: string, path: string): void {
  if (!statOf(path)?.isDirectory()) throw new MissingRunFolderError(field, path, "a folder");
}

async function expectSpace(path: string, { outputBytes }: Limits): Promise<void> {
  if (outputBytes === undefined) return;
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free < outputBytes) throw new NoSpaceError(path, bytes(outputBytes), bytes(free));
}

function statOf(path: string) {
  return statSync(path, { throwIfNoEntry: false });
}
