/** Folders of a job while it runs: a copy of the submission, and where its output goes. */

import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface JobFolders {
  root: string;
  /** Copy of the submission. */
  submission: string;
  /** Images go here, and tables. */
  output: string;
}

/** Below `results`, so that output is moved rather than copied when it is kept. Its name says whose it is. */
export async function openFolders(results: string): Promise<JobFolders> {
  const work = join(results, "work");
  await mkdir(work, { recursive: true });
  const root = await mkdtemp(join(work, `${process.pid}-`));
  const folders = { root, submission: join(root, "submission"), output: join(root, "output") };
  await mkdir(folders.submission);
  await mkdir(folders.output);
  return folders;
}

/** Removes what graders left that were killed. */
export async function removeStale(results: string): Promise<void> {
  const work = join(results, "work");
  const names = await readdir(work).catch(() => []);
  for (const name of names) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(work, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Puts a job's output where reports look for it, in place of what an earlier run left there. */
export async function keepOutput(output: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { recursive: true, force: true });
  await rename(output, to);
}
