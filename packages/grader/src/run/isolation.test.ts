import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { containments, runProgram, trial } from "../../test/run-program.ts";
import { run } from "./run.ts";

const [contained] = containments;
describe.skipIf(contained.skip)(`what bubblewrap keeps out: ${contained.title}`, () => {
  const options = { containment: "bwrap" } as const;

  it("writes nowhere but where it may", async () => {
    const outside = await trial("writes-outside.sh", {}, ({ inputs }) => [inputs]);
    const outcome = await runProgram(outside, options);
    expect(outcome).toMatchObject({ verdict: "crashed", exitCode: 1 });
    expect(outcome.stderr).toContain("Read-only file system");
    expect(existsSync(join(outside.inputs, "planted.txt"))).toBe(false);
    const hidden = await runProgram(await trial("writes-outside.sh", {}, ({ secret }) => [secret]), options);
    expect(hidden).toMatchObject({ verdict: "crashed" });
    const system = await runProgram(await trial("writes-outside.sh", {}, () => ["/etc"]), options);
    expect(system).toMatchObject({ verdict: "crashed" });
  });

  it("leaves the inputs as they are", async () => {
    const greedy = await trial("deletes-inputs.sh", {}, ({ inputs }) => [inputs]);
    await runProgram(greedy, options);
    expect(readFileSync(join(greedy.inputs, "image.png"), "utf8")).toBe("an image");
    expect(readFileSync(join(greedy.secret, "reference.txt"), "utf8")).toBe("the reference");
  });

  it("hides what it must not see, also behind a link and inside of what it may see", async () => {
    const curious = await trial("reads-hidden.sh", {}, ({ secret, inputs }) => [
      join(secret, "reference.txt"),
      join(inputs, "image.png"),
      join(dirname(inputs), "link/secret/reference.txt"),
      "/etc/shadow",
    ]);
    const link = join(dirname(curious.inputs), "link");
    symlinkSync(curious.inputs, link);
    const request = { ...curious.request, readable: [...curious.request.readable, link] };
    const outcome = await runProgram({ ...curious, request }, options);
    expect(outcome.stdout).toContain("an image");
    expect(outcome.stdout).not.toContain("the reference");
    expect(outcome.stdout).not.toContain("root:");
  });

  it("shows the one folder it may write to inside of a hidden one", async () => {
    const { request, secret } = await trial("makes-images.sh", {}, ({ secret }) => [join(secret, "mine")]);
    const mine = join(secret, "mine");
    mkdirSync(mine);
    const outcome = await run({ ...request, writable: [mine] }, options);
    expect(outcome).toMatchObject({ verdict: "ok", outputFiles: 4 });
  });

  it("says which program it cannot see", async () => {
    const { request, secret } = await trial("sleeps.sh");
    const program = join(secret, "python3");
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
    const error = await run({ ...request, command: [program] }, options).catch((reason) => reason);
    expect(error).toMatchObject({ code: "GRADER_RUN_UNSEEN_PROGRAM", exitCode: 2 });
    expect(error.message).toContain(program);
  });

  it("is not taken in by a bwrap of the submission's own", async () => {
    const { request } = await trial("makes-images.sh");
    writeFileSync(join(request.cwd, "bwrap"), "#!/bin/sh\necho start >&3\n", { mode: 0o755 });
    const env = { ...request.env, PATH: `${request.cwd}:/usr/bin:/bin` };
    const outcome = await run({ ...request, env }, options);
    expect(outcome).toMatchObject({ verdict: "ok", outputFiles: 4 });
  });

  it("has no network, and no GPU", async () => {
    const connections: unknown[] = [];
    const server = createServer((socket) => connections.push(socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      const tries = () => trial("tries-network.mjs", {}, () => [String(port)]);
      const alone = await runProgram(await tries(), options);
      expect(alone).toMatchObject({ verdict: "ok", stdout: "ECONNREFUSED\n" });
      expect(alone.enforcement).toMatchObject({ network: "namespace" });
      expect(connections).toHaveLength(0);
      const allowed = await tries();
      const outcome = await runProgram(
        { ...allowed, request: { ...allowed.request, network: true } },
        options,
      );
      expect(outcome).toMatchObject({ verdict: "ok", stdout: "connected\n" });
      expect(connections).toHaveLength(1);
    } finally {
      server.close();
    }
    const { request } = await trial("sleeps.sh");
    const devices = await run({ ...request, command: ["ls", "/dev"] }, options);
    expect(devices.stdout).not.toMatch(/nvidia|dri|kfd/);
  });
});

describe("what a session cannot keep out", () => {
  it("is said", async () => {
    const { enforcement } = await runProgram(await trial("makes-images.sh"), { containment: "session" });
    expect(enforcement).toMatchObject({
      network: "not enforced",
      writing: "not enforced",
      hidden: "not enforced",
      memory: "not limited",
    });
  });
});
