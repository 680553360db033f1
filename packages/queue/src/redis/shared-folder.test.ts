import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { leaveToken, requireShared } from "./shared-folder.ts";

it("a folder keeps its token; another folder has another one", async () => {
  const results = join(temporaryFolder(), "deep/results");
  const token = await leaveToken(results);
  expect(await leaveToken(results)).toBe(token);
  expect(await leaveToken(temporaryFolder())).not.toBe(token);
  writeFileSync(join(results, "folder-id"), ""); // Its coordinator was killed while it made it.
  const again = await leaveToken(results);
  expect([again, await leaveToken(results)]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), again]);
});

it("who does not find the token, or no submissions, does not have the coordinator's folders", async () => {
  const folder = temporaryFolder();
  const task = { results: join(folder, "results"), submission: join(folder, "students/ann") };
  const refused = (message: RegExp) => expect(requireShared(task, "a-b")).rejects.toThrow(message);
  await refused(/\/results: expected the coordinator's folder of results, .* found none\. .*--root/);
  expect(existsSync(task.results)).toBe(false);
  const token = await leaveToken(task.results);
  await refused(/found that of another folder/);
  const isShared = () => requireShared(task, token);
  await expect(isShared()).rejects.toThrow(/students: expected the coordinator's folder of submissions/);
  mkdirSync(join(folder, "students"));
  await expect(isShared()).rejects.toThrow(/found nothing in it/);
  mkdirSync(join(folder, "students/bob"));
  await isShared(); // That Ann's is not there is her grading's to tell.
});
