/** Runs one of the programs in `programs/` as a submission, in a folder of its own, and looks for what it left. */

import { randomInt } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { bubblewrap } from "../src/run/bubblewrap.ts";
import type { Containment, Limits, RunRequest } from "../src/run/request.ts";
import { type RunOptions, run } from "../src/run/run.ts";

const programs = join(import.meta.dirname, "programs");

const sandbox = await bubblewrap();
const unavailable = "reason" in sandbox ? sandbox.reason : undefined;

/** For `describe.each`: how a run can be contained here, and why not. */
export const containments = [
  {
    containment: "bwrap",
    skip: unavailable !== undefined,
    title: `bwrap${unavailable ? `: ${unavailable}` : ""}`,
  },
  { containment: "session", skip: process.platform !== "linux", title: "session" },
] as const satisfies readonly { containment: Containment; skip: boolean; title: string }[];

export interface Trial {
  request: RunRequest;
  /** In the folder of the trial: the output, the inputs, and what it must not see. */
  out: string;
  inputs: string;
  secret: string;
  /** In the environment of all its processes, or on their command lines. */
  mark: string;
}

/** A request for `program`; its arguments may depend on the folders. */
export async function trial(
  program: string,
  limits: Partial<Limits> = {},
  arguments_: (trial: Omit<Trial, "request">) => string[] = ({ out }) => [out],
): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-trial-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cwd, out, inputs, secret] = ["submission", "out", "inputs", "inputs/secret"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  for (const path of [cwd, out, secret]) await mkdir(path, { recursive: true });
  await writeFile(join(cwd, "model.pth"), "weights");
  await writeFile(join(inputs, "image.png"), "an image");
  await writeFile(join(secret, "reference.txt"), "the reference");
  const mark = String(randomInt(1e9, 1e10));
  const folders = { out, inputs, secret, mark };
  const path = join(programs, program);
  const command = [...(program.endsWith(".mjs") ? [process.execPath] : []), path, ...arguments_(folders)];
  const request: RunRequest = {
    command,
    cwd,
    writable: [out],
    readable: [programs, inputs, dirname(dirname(process.execPath))],
    hidden: [secret],
    network: false,
    gpu: false,
    env: { MARK: mark },
    limits: { wallSeconds: 50, ...limits },
  };
  return { request, ...folders };
}

/** Runs it, and expects that nothing of it is alive afterwards. */
export async function runProgram({ request, mark }: Trial, options: RunOptions) {
  const outcome = await run(request, options);
  return { ...outcome, alive: marked(mark) };
}

/** Processes of this machine that carry the mark. */
export function marked(mark: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter(
      (pid) => read(`/proc/${pid}/environ`).includes(mark) || read(`/proc/${pid}/cmdline`).includes(mark),
    );
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
