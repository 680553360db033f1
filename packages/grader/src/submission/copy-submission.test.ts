import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { copySubmission } from "./copy-submission.ts";

let folder: string;
let from: string;
let to: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "touchstone-copy-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  from = join(folder, "student");
  to = join(folder, "work/copy");
  mkdirSync(join(from, "models/deep"), { recursive: true });
  writeFileSync(join(from, "hw2_1.sh"), "echo hi\n", { mode: 0o4711 });
  writeFileSync(join(from, "models/deep/weights.pth"), Buffer.alloc(100_000, 7), { mode: 0o600 });
  writeFileSync(join(from, "empty"), "");
});

const leftOut = (copied: { leftOut: { path: string; reason: string }[] }) =>
  Object.fromEntries(copied.leftOut.map(({ path, reason }) => [path, reason]));

describe("copySubmission", () => {
  it("copies files and folders, and whether they are executable", async () => {
    expect(await copySubmission(from, to)).toEqual({ files: 3, bytes: 100_008, leftOut: [] });
    expect(readFileSync(join(to, "models/deep/weights.pth"))).toEqual(Buffer.alloc(100_000, 7));
    expect(lstatSync(join(to, "hw2_1.sh")).mode & 0o7777).toBe(0o755);
    expect(lstatSync(join(to, "models/deep/weights.pth")).mode & 0o7777).toBe(0o644);
  });

  it("leaves out the folder that is none of it, where the copy may be", async () => {
    const except = join(from, "results");
    mkdirSync(join(except, "records"), { recursive: true });
    const inside = join(except, "work/copy");
    expect(await copySubmission(from, inside, { except })).toMatchObject({ files: 3, leftOut: [] });
    expect(existsSync(join(inside, "results"))).toBe(false);
    await expect(copySubmission(from, join(from, "copy"), { except })).rejects.toThrow(
      "one inside the submission",
    );
    await expect(copySubmission(from, join(from, "copy"), { except: from })).rejects.toThrow(
      "inside the submission",
    );
  });

  it("keeps links that stay inside, and leaves out those that do not", async () => {
    symlinkSync("models/deep/weights.pth", join(from, "inside"));
    symlinkSync("/", join(from, "root"));
    symlinkSync(join(from, "empty"), join(from, "absolute"));
    symlinkSync("../..", join(from, "models/out"));
    symlinkSync("out/anywhere", join(from, "models/by-another"));
    symlinkSync("models/out", join(from, "second"));
    symlinkSync("gone", join(from, "dangling"));
    symlinkSync("loop", join(from, "loop"));
    const copied = await copySubmission(from, to);
    expect(leftOut(copied)).toEqual({
      absolute: "a link to an absolute path",
      root: "a link to an absolute path",
      "models/out": "a link out of the folder",
      "models/by-another": "a link that leads nowhere",
      second: "a link out of the folder",
      dangling: "a link that leads nowhere",
      loop: "a link that leads nowhere",
    });
    expect(readlinkSync(join(to, "inside"))).toBe("models/deep/weights.pth");
    expect(existsSync(join(to, "root"))).toBe(false);
  });

  it("leaves out pipes and sockets without waiting for them", async () => {
    execFileSync("mkfifo", [join(from, "pipe")]);
    const server = createServer().listen(join(from, "socket"));
    await new Promise((resolve) => server.on("listening", resolve));
    const copied = await copySubmission(from, to);
    server.close();
    expect(leftOut(copied)).toEqual({ pipe: "a named pipe", socket: "a socket" });
    expect(copied.files).toBe(3);
  });

  it.skipIf(process.getuid?.() === 0)("reports what may not be read (root may read everything)", async () => {
    chmodSync(join(from, "empty"), 0);
    chmodSync(join(from, "models/deep"), 0);
    const copied = await copySubmission(from, to);
    chmodSync(join(from, "models/deep"), 0o755);
    expect(leftOut(copied)).toEqual({ empty: "no right to read it", "models/deep": "no right to read it" });
  });

  it("reports a name that cannot be told", async () => {
    writeFileSync(Buffer.concat([Buffer.from(join(from, "caf")), Buffer.from([0xe9])]), "x");
    const copied = await copySubmission(from, to);
    expect(leftOut(copied)).toEqual({ "caf\ufffd": "nothing there, or a name that is not UTF-8" });
  });

  it("stops at its limits", async () => {
    const tooLarge = { code: "GRADER_SUBMISSION_TOO_LARGE", exitCode: 3 };
    await expect(copySubmission(from, to, { bytes: 100_007 })).rejects.toMatchObject(tooLarge);
    await expect(copySubmission(from, join(folder, "b"), { files: 4 })).rejects.toMatchObject(tooLarge);
    const exact = await copySubmission(from, join(folder, "c"), { bytes: 100_008, files: 5 });
    expect(exact.files).toBe(3);
  });

  it("names what is wrong with either folder", async () => {
    const none = { code: "GRADER_NO_SUBMISSION", exitCode: 2 };
    await expect(copySubmission(join(folder, "absent"), to)).rejects.toMatchObject(none);
    await expect(copySubmission(join(from, "empty"), to)).rejects.toMatchObject(none);
    const target = { code: "GRADER_COPY_TARGET", exitCode: 4 };
    await expect(copySubmission(from, join(from, "models/copy"))).rejects.toMatchObject(target);
    await expect(copySubmission(from, folder)).rejects.toMatchObject(target);
    await expect(copySubmission(from, join(from, "empty"))).rejects.toMatchObject(target);
  });
});
