/** The program that a command names, and the clean environment it gets. */

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { runIdVariable } from "./family.ts";
import type { RunRequest } from "./request.ts";

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Nothing is inherited, so that no key or token of the grader's is: what else it needs is in `request.env`. */
export function cleanEnvironment(request: RunRequest, home: string, runId: string): Record<string, string> {
  return {
    PATH: systemPath,
    HOME: home,
    TMPDIR: home,
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    ...visibleGpus(request.gpu),
    ...request.env,
    [runIdVariable]: runId,
  };
}

/** Empty hides all of them from CUDA; with a GPU, those that the grader itself was given. */
function visibleGpus(gpu: boolean): Record<string, string> {
  if (!gpu) return { CUDA_VISIBLE_DEVICES: "" };
  const given = process.env.CUDA_VISIBLE_DEVICES;
  return given === undefined ? {} : { CUDA_VISIBLE_DEVICES: given };
}

export type Program = { path: string } | { problem: string };

/** Finds what `command[0]` names, as a shell would: in PATH, or by a path from the working directory. */
export function findProgram(name: string, cwd: string, path: string): Program {
  const candidates = name.includes("/")
    ? [isAbsolute(name) ? name : resolve(cwd, name)]
    : path.split(delimiter).map((folder) => join(resolve(cwd, folder), name));
  const states = candidates.map(stateOf);
  const found = states.indexOf("executable");
  if (found >= 0) return { path: candidates[found]! };
  if (states.includes("folder") && name.includes("/"))
    return { problem: `${name} could not be started: it is a folder.` };
  if (states.includes("file"))
    return { problem: `${name} could not be started: it is not executable. Run chmod +x on it.` };
  const where = name.includes("/") ? "there is no such file" : `it is in no folder of PATH (${path})`;
  return { problem: `${name} could not be started: ${where}.` };
}

function stateOf(path: string): "executable" | "file" | "folder" | "absent" {
  try {
    if (statSync(path).isDirectory()) return "folder";
  } catch {
    return "absent";
  }
  try {
    accessSync(path, constants.X_OK);
    return "executable";
  } catch {
    return "file";
  }
}
