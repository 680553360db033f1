import { describe, expect, it } from "vitest";
import { trial } from "../../test/run-program.ts";
import { run } from "./run.ts";

describe("our own faults", () => {
  const options = { containment: "session" } as const;

  it.each(["cwd", "writable", "readable"] as const)("names a missing %s", async (field) => {
    const { request } = await trial("makes-images.sh");
    const missing = field === "cwd" ? "/no/such" : ["/no/such"];
    const error = await run({ ...request, [field]: missing }, options).catch((reason) => reason);
    expect(error).toMatchObject({ code: "GRADER_RUN_FOLDER", exitCode: 4 });
    expect(error.message).toContain(field);
    expect(error.message).toContain("/no/such");
  });

  it("says that the disk is too small", async () => {
    const { request } = await trial("makes-images.sh", { outputBytes: 2 ** 60 });
    await expect(run(request, options)).rejects.toMatchObject({ code: "GRADER_RUN_SPACE", exitCode: 4 });
  });

  it.each([Number.NaN, 0, -1, Infinity, 1e9])("refuses a wall time of %s", async (wallSeconds) => {
    const { request } = await trial("makes-images.sh", { wallSeconds });
    await expect(run(request, options)).rejects.toMatchObject({ code: "GRADER_RUN_REQUEST", exitCode: 2 });
  });

  it("refuses an empty command, and one that the system cannot take", async () => {
    const { request } = await trial("makes-images.sh");
    await expect(run({ ...request, command: [] }, options)).rejects.toMatchObject({ exitCode: 2 });
    await expect(run({ ...request, command: ["a\0b"] }, options)).rejects.toMatchObject({ exitCode: 2 });
    const long = [...request.command, "x".repeat(1e7)];
    await expect(run({ ...request, command: long }, options)).rejects.toMatchObject({
      code: "GRADER_RUN_START",
      exitCode: 4,
    });
  });

  it("says that there is no place for its own files", async () => {
    const { TMPDIR } = process.env;
    const { request } = await trial("makes-images.sh");
    process.env.TMPDIR = "/no/such";
    const error = await run(request, options).catch((reason) => reason);
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    expect(error).toMatchObject({ code: "GRADER_RUN_START", exitCode: 4 });
    expect(error.message).toContain("/no/such");
  });
});
