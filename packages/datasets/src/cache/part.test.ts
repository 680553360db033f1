/** Several processes that download the same file, some of which died; and places that cannot be written. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  CONTENT,
  destination,
  eachInItsOwnFolder,
  expectWhole,
  folder,
  from,
  left,
  md5,
  run,
  sent,
  server,
} from "../../test/downloading.ts";
import { type Answer, stalled, whole } from "../../test/web-server.ts";

eachInItsOwnFolder();

describe("several processes", () => {
  it("that fetch the same file at once end with the whole file", async () => {
    const slow: Answer = (_, response) => {
      response.writeHead(200, { "content-length": CONTENT.length });
      response.write(CONTENT.subarray(0, 150_000));
      setTimeout(() => response.end(CONTENT.subarray(150_000)), 100);
    };
    const url = await from(slow);
    await Promise.all([run(url), run(url), run(url)]);
    await expectWhole();
    expect(await left()).toEqual(["file.bin"]);
  });

  const partOf = (pid: number, host = hostname().replace(/[^\w.]/g, "_")) =>
    join(folder, "data", `file.bin.part-${pid}-0123abcd-${host}`);
  const leave = async (part: string, url: string) => {
    await mkdir(part, { recursive: true });
    await writeFile(join(part, "bytes"), CONTENT.subarray(0, 200_000));
    await writeFile(join(part, "source.json"), JSON.stringify({ url, validator: '"v1"' }));
  };
  const DEAD = 2 ** 22 + 1; // Above the largest process id of Linux.

  it("take over what a dead one left", async () => {
    const url = await from(whole(CONTENT));
    await leave(partOf(DEAD), url);
    await run(url);
    expect(sent("range")).toEqual(["bytes=200000-"]);
    await expectWhole();
    expect(await left()).toEqual(["file.bin"]);
  });

  it("resume what one that was killed had fetched", async () => {
    const url = await from(stalled(CONTENT, 150_000), whole(CONTENT));
    const options = JSON.stringify({ url, pin: { md5: md5(CONTENT) }, destination, label: "file" });
    const code = `
      import { download } from ${JSON.stringify(new URL("download.ts", import.meta.url))};
      for await (const { done } of download(${options})) console.log(done);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    await run(url);
    expect(sent("range")[1]).toMatch(/^bytes=[1-9]/);
    await expectWhole();
    expect(await left()).toEqual(["file.bin"]);
  });

  it("leave alone what a living one, or one on another machine, is doing", async () => {
    const url = await from(whole(CONTENT));
    const living = partOf(process.ppid);
    const elsewhere = partOf(DEAD, "elsewhere");
    await leave(living, url);
    await leave(elsewhere, url);
    await run(url);
    expect(sent("range")).toEqual([undefined]);
    expect((await left()).length).toBe(3);
  });

  it("do not trust a description that was cut off, or one of another address", async () => {
    const url = await from(whole(CONTENT));
    await leave(partOf(DEAD), `${url}?other`);
    await run(url);
    await rm(destination);
    await leave(partOf(DEAD), url);
    await writeFile(join(partOf(DEAD), "source.json"), '{"url": "htt');
    await run(url);
    expect(sent("range")).toEqual([undefined, undefined]);
    await expectWhole();
  });

  it("finish a file that had arrived but was not yet moved", async () => {
    const url = await from(whole(CONTENT));
    await leave(partOf(DEAD), url);
    await writeFile(join(partOf(DEAD), "bytes"), CONTENT);
    await run(url);
    expect(server.requests.length).toBe(0);
    await expectWhole();
  });

  it.skipIf(process.platform !== "linux")("say that the disk is full (needs /dev/full)", async () => {
    const url = await from(whole(CONTENT));
    await mkdir(partOf(DEAD), { recursive: true });
    await symlink("/dev/full", join(partOf(DEAD), "bytes"));
    await expect(run(url)).rejects.toMatchObject({
      code: "DATASETS_STORAGE",
      exitCode: 4,
      message: expect.stringMatching(/the disk is full.*TOUCHSTONE_CACHE/),
    });
  });
});

describe("a place that cannot be written", () => {
  it("because a file is where a folder is needed", async () => {
    await writeFile(join(folder, "data"), "");
    await expect(run(await from(whole(CONTENT)))).rejects.toMatchObject({
      code: "DATASETS_STORAGE",
      message: expect.stringMatching(/a part of this path is a file/),
    });
  });
  it("because a folder is where the file should be", async () => {
    await mkdir(join(destination, "inner"), { recursive: true });
    await expect(run(await from(whole(CONTENT)))).rejects.toMatchObject({ code: "DATASETS_STORAGE" });
  });
  it.skipIf(process.getuid?.() === 0)("because of its permissions (not as root)", async () => {
    await mkdir(join(folder, "data"), { mode: 0o500 });
    await expect(run(await from(whole(CONTENT)))).rejects.toThrow(/permission denied/);
  });
});
