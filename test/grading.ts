/** For tests of `pnpm grade`: the small assignment, submissions made for a test, and what is left of their processes. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./command.ts";

export const GRADING = fileURLToPath(new URL("../fixtures/grading", import.meta.url));
export const SMALL = ["--assignment", join(GRADING, "assignment.yaml")];
export const submission = (name: "good" | "worse") => ["--submission", join(GRADING, "submissions", name)];

/** A submission runs without our environment. */
const env = { PATH: "/usr/local/bin:/usr/bin:/bin" };
const works = (program: string, ...args: string[]) => spawnSync(program, args, { env }).status === 0;
const skip = (isAbsent: boolean, what: string) => {
  return { isAbsent, note: isAbsent ? ` (skipped: ${what} does not work here)` : "" };
};

/** What a test needs of this machine; `note` is for its title. */
export const bwrap = skip(!works("bwrap", "--ro-bind", "/", "/", "--unshare-pid", "true"), "bwrap");
export const python = skip(!works("python3", "-c", ""), "python3");

/** A folder of files, the assignment among them, and `results` beside them that is not there yet. */
export function made(
  files: Record<string, string | Uint8Array>,
  parent = temporaryFolder(),
): { folder: string; results: string } {
  const folder = join(parent, "made");
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return { folder, results: join(folder, "../results") };
}

/** An image of the small assignment's good submission. */
export const image = (name: string) => readFileSync(join(GRADING, "submissions/good/images", name));

/** Processes of this machine that have this in their environment or command line. */
export function processesWith(mark: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => ["environ", "cmdline"].some((file) => textOf(`/proc/${pid}/${file}`).includes(mark)));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** An assignment of four faces, which a DCGAN with these weights makes. */
export function builtinFaces(checkpoint: string): string {
  return `
id: own
problems:
  - id: faces
    command: bash faces.sh {out}
    limits: { wall: 90 s }
    output: { kind: images, count: 4, size: 64x64 }
    variants: [{ name: DCGAN, builtin: "sample dcgan --checkpoint ${checkpoint} --out {out} --count 4" }]
    metrics: [{ kind: face-rate }]
`;
}
