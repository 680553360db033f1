/** Folders of a job while it runs: a copy of the submission, and where its output goes. */

import { access, constants, mkdir, readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeOwnFolder, removeStale } from "../files/own-folder.ts";
import { removeFolder } from "../files/remove-folder.ts";
import { removeStaleRuns } from "../run/index.ts";
import { ResultsFolderError } from "./errors.ts";

export interface JobFolders {
  root: string;
  /** Copy of the submission. */
  submission: string;
  /** Images go here, and tables. */
  output: string;
}

/** Below the results, so that output is moved rather than copied when it is kept. */
const workOf = (results: string) => join(results, "work");

/** Makes the folder of results, and removes what graders left that were killed. @throws ResultsFolderError */
export async function openResults(results: string): Promise<void> {
  try {
    await mkdir(workOf(results), { recursive: true });
    await access(workOf(results), constants.W_OK);
  } catch (error) {
    throw new ResultsFolderError(results, error);
  }
  await removeStale(workOf(results));
  await removeStaleRuns();
}

export async function openFolders(results: string): Promise<JobFolders> {
  const root = await makeOwnFolder(workOf(results));
  const folders = { root, submission: join(root, "submission"), output: join(root, "output") };
  await mkdir(folders.submission);
  await mkdir(folders.output);
  return folders;
}

/** Puts a job's output where reports look for it, in place of what earlier runs left there. */
export async function keepOutput(output: string, to: string): Promise<void> {
  const slot = dirname(to);
  await mkdir(slot, { recursive: true });
  await removeFolder(to);
  await rename(output, to);
  for (const name of await readdir(slot)) {
    if (name !== basename(to)) await removeFolder(join(slot, name));
  }
}
