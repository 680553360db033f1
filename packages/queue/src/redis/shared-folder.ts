/**
 * Whether a worker has the coordinator's folders, and not empty ones of the same names on its own disk: the coordinator leaves a token in the
 * results, its tasks say which, and who does not find it there takes none of them.
 */

import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NotSharedError } from "../errors.ts";
import type { GradingTask } from "../task.ts";

const fileOf = (results: string) => join(results, "folder-id");

/** @returns the folder's token, the same each time  @throws the system's errors */
export async function leaveToken(results: string): Promise<string> {
  await mkdir(results, { recursive: true });
  const file = fileOf(results);
  const token = randomUUID();
  try {
    await writeFile(file, `${token}\n`, { flag: "wx" });
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const known = (await readFile(file, "utf8")).trim();
  if (known !== "") return known;
  await writeFile(file, `${token}\n`); // Who made it was killed before it wrote.
  return token;
}

/** @param token that the coordinator has in the results  @throws NotSharedError */
export async function requireShared(
  { results, submission }: Pick<GradingTask, "results" | "submission">,
  token: string,
): Promise<void> {
  const file = fileOf(results);
  const found = await readFile(file, "utf8").catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new NotSharedError(results, "results", code === "ENOENT" ? "none" : (code ?? message));
  });
  if (found.trim() !== token) throw new NotSharedError(results, "results", "that of another folder");
  // Whether one student's folder is there, its grading tells; a folder of none is not the coordinator's.
  const submissions = dirname(submission);
  const names = await readdir(submissions).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw new NotSharedError(submissions, "submissions", code === "ENOENT" ? "nothing" : (code ?? message));
  });
  if (names.length === 0) throw new NotSharedError(submissions, "submissions", "nothing in it");
}
