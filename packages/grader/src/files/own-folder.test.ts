import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { makeOwnFolder, removeStale } from "./own-folder.ts";
import { removeFolder } from "./remove-folder.ts";

/** The number of a process that has gone. */
const { pid: gone } = spawnSync("true");

it("folders of processes that have gone are removed, and no others", async () => {
  const parent = temporaryFolder();
  const renamed = async (change: (name: string) => string) => {
    const path = await makeOwnFolder(parent, "run-");
    const to = join(dirname(path), change(basename(path)));
    renameSync(path, to);
    writeFileSync(join(to, "output.png"), "");
    return to;
  };
  const own = await makeOwnFolder(parent, "run-");
  const ofPid = (pid: number) => (name: string) => name.replace(`-${process.pid}-`, `-${pid}-`);
  const stale = await renamed(ofPid(gone));
  // Killed in a container where we have its number now.
  const namesake = await renamed((name) => `${name}x`);
  const alive = await renamed(ofPid(process.ppid));
  const elsewhere = await renamed((name) => ofPid(gone)(name).replace("run-", "run-other-"));
  mkdirSync(join(parent, `run-${gone}`));
  await removeStale(parent, "run-");
  expect([stale, namesake].filter(existsSync)).toEqual([]);
  expect(readdirSync(parent).sort()).toEqual(
    [own, alive, elsewhere, `run-${gone}`].map((path) => basename(path)).sort(),
  );
  await removeStale(join(parent, "absent"));
});

it("removeFolder: also what was closed to its owner, and no further than links", async () => {
  const folder = temporaryFolder();
  const outside = join(folder, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "kept"), "");
  const doomed = join(folder, "doomed");
  mkdirSync(join(doomed, "closed/deep"), { recursive: true });
  symlinkSync(outside, join(doomed, "link"));
  chmodSync(join(doomed, "closed"), 0);
  await removeFolder(doomed);
  expect(readdirSync(folder)).toEqual(["outside"]);
  expect(existsSync(join(outside, "kept"))).toBe(true);
});
