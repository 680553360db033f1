/** Whatever happens to a writer, under the final name there is the old file or the new one. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { scratch } from "../../test/scratch.ts";
import { writeAtomically } from "./atomic-write.ts";

const { folder, path, write } = scratch();
const WRITER = fileURLToPath(new URL("../../test/interrupted-writer.ts", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const left = () => readdirSync(folder).filter((name) => name.startsWith(".touchstone-"));

describe("a write that is finished", () => {
  it("replaces what was there", async () => {
    write("file", "old");
    const sha256 = await writeAtomically(path("file"), [
      Buffer.from("a"),
      Buffer.alloc(0),
      Buffer.from("bc"),
    ]);
    expect(readFileSync(path("file"), "utf8")).toBe("abc");
    // FIPS 180-2, appendix B.1.
    expect(sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(left()).toEqual([]);
  });

  it("follows a link", async () => {
    mkdirSync(path("elsewhere"));
    writeFileSync(path("elsewhere/target"), "old");
    symlinkSync("elsewhere/target", path("link"));
    await writeAtomically(path("link"), [Buffer.from("new")]);
    expect(readlinkSync(path("link"))).toBe("elsewhere/target");
    expect(readFileSync(path("elsewhere/target"), "utf8")).toBe("new");
  });

  it("has a name as long as names may be", async () => {
    const name = "n".repeat(255);
    await writeAtomically(path(name), [Buffer.from("x")]);
    expect(readFileSync(path(name), "utf8")).toBe("x");
  });
});

describe("a write that is not", () => {
  it("leaves the old file when its source fails, and nothing else", async () => {
    write("kept", "old");
    function* failing() {
      yield Buffer.from("half");
      throw new Error("the tensor is gone");
    }
    await expect(writeAtomically(path("kept"), failing())).rejects.toThrow(
      expect.objectContaining({
        code: "NN_CHECKPOINT_WRITE",
        message: expect.stringContaining("tensor is gone"),
      }),
    );
    expect(readFileSync(path("kept"), "utf8")).toBe("old");
    expect(left()).toEqual([]);
  });

  it("leaves the old file when its process is killed", async () => {
    write("killed", "old");
    const writer = spawn(process.execPath, ["--import", "tsx", WRITER, path("killed")], { cwd: PACKAGE });
    expect(String((await once(writer.stdout, "data"))[0])).toBe("halfway\n");
    writer.kill("SIGKILL");
    await once(writer, "exit");
    expect(readFileSync(path("killed"), "utf8")).toBe("old");
    expect(left()).toHaveLength(1);
  });

  it.skipIf(process.platform === "win32")(
    "leaves nothing when there is no room (file size limit)",
    async () => {
      const before = left();
      // In blocks of 512 or 1024 bytes, as the shell has it.
      const command = `ulimit -f 40; exec "$0" --import tsx "$@"`;
      const writer = spawn("sh", ["-c", command, process.execPath, WRITER, path("full"), "finish"], {
        cwd: PACKAGE,
      });
      let message = "";
      writer.stderr.on("data", (text) => {
        message += text;
      });
      const [status] = await once(writer, "close");
      expect(message).toMatch(/full: could not be written: there is no room for it \(EFBIG\)/);
      expect(status).toBe(2);
      expect(readdirSync(folder)).not.toContain("full");
      expect(left()).toEqual(before);
    },
  );

  it.each([
    ["in a folder that does not exist", "no/such/file", /its folder does not exist/],
    ["in a file that is no folder", "plain/file", /its folder does not exist/],
    ["over a folder", ".", /something else than a regular file/],
    ["over a device", "/dev/null", /something else than a regular file/],
  ])("%s says so", async (_, name, message) => {
    write("plain", "");
    const target = name.startsWith("/") ? name : path(name);
    const error = await writeAtomically(target, []).catch((error) => error);
    expect(error).toMatchObject({ code: "NN_CHECKPOINT_WRITE", message: expect.stringMatching(message) });
    expect(error.message).toContain(target);
  });
});
