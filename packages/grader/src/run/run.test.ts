import { lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { containments, marked, runProgram, trial } from "../../test/run-program.ts";
import { ownGroups } from "./cgroup.ts";
import { run } from "./run.ts";

for (const { containment, skip, title } of containments) {
  const options = { containment };

  describe.skipIf(skip)(`run: ${title}`, () => {
    it("finds a daemon in a session of its own", async () => {
      const outcome = await runProgram(await trial("leaves-daemon.sh"), options);
      expect(outcome).toMatchObject({ verdict: "ok", stdout: "done\n", alive: [] });
      expect(outcome.leftovers).toBeGreaterThanOrEqual(1);
    });

    const known = containment === "bwrap" || ownGroups().length > 0;
    it.skipIf(!known)(
      "finds a daemon that has cleared its environment (in a session: by its control group)",
      async () => {
        const outcome = await runProgram(await trial("leaves-nameless-daemon.sh"), options);
        expect(outcome).toMatchObject({ verdict: "ok", alive: [] });
        expect(outcome.leftovers).toBeGreaterThanOrEqual(1);
      },
    );

    it("does not wait for a pipe that is held open", async () => {
      const outcome = await runProgram(await trial("holds-pipe.sh"), options);
      expect(outcome).toMatchObject({ verdict: "ok", stdout: "done\n", leftovers: 1, alive: [] });
    });

    it("keeps the beginning of a flood", async () => {
      const flood = await trial("floods-stdout.sh", { capturedBytes: 1000 });
      const outcome = await runProgram(flood, options);
      expect(outcome).toMatchObject({ verdict: "ok", stdoutBytes: 100_000_000, stderrBytes: 1_000_000 });
      expect(outcome.stdout).toBe("x".repeat(1000));
      expect(outcome.stderr).toBe("y".repeat(1000));
    });

    it("replaces what is not UTF-8", async () => {
      const outcome = await runProgram(await trial("invalid-utf8.sh"), options);
      expect(outcome).toMatchObject({
        verdict: "ok",
        stdout: "accuracy \ufffd\ufffd 0.9\n",
        stdoutBytes: 16,
      });
    });

    it("tells an exit code and a signal of its own", async () => {
      const failed = await runProgram(await trial("exits-3.sh"), options);
      expect(failed).toMatchObject({ verdict: "crashed", exitCode: 3, signal: null });
      expect(failed.stderr).toBe("RuntimeError: size mismatch\n");
      const killed = await runProgram(await trial("kills-itself.sh"), options);
      expect(killed).toMatchObject({ verdict: "crashed", exitCode: null, signal: "SIGSEGV", stderr: "" });
      const group = await runProgram(await trial("kills-its-group.sh"), options);
      expect(group).toMatchObject({ verdict: "crashed", signal: "SIGTERM", alive: [] });
    });

    it.each([
      [["no-such-program"], "in no folder of PATH"],
      [["./model.pth"], "not executable"],
      [["./absent.sh"], "no such file"],
      [["/usr"], "a folder"],
    ])("blames the submission for %j", async (command, problem) => {
      const { request } = await trial("sleeps.sh");
      const outcome = await run({ ...request, command }, options);
      expect(outcome).toMatchObject({ verdict: "crashed", exitCode: 127, wallSeconds: 0 });
      expect(outcome.detail).toContain(problem);
    });

    it("blames the submission for what it calls", async () => {
      const { request, out } = await trial("sleeps.sh");
      const script = join(out, "hw.sh");
      writeFileSync(script, "#!/no/such/interpreter\n", { mode: 0o755 });
      const outcome = await run({ ...request, command: [script] }, options);
      expect(outcome).toMatchObject({ verdict: "crashed", exitCode: 127 });
      expect(outcome.detail).toContain("was not found");
    });

    it("gives a clean environment, no input, and pipes that can be opened", async () => {
      process.env.SECRET_TOKEN = "hunter2";
      const outcome = await runProgram(await trial("prints-environment.sh"), options);
      delete process.env.SECRET_TOKEN;
      expect(outcome.stdout).not.toContain("hunter2");
      for (const line of ["LC_ALL=C.UTF-8", "TZ=UTC", "CUDA_VISIBLE_DEVICES=", "stdin: 0", "umask: 0022"])
        expect(outcome.stdout.split("\n")).toContain(line);
      expect(outcome.stderr).toBe("to stderr\n");
    });

    it("keeps apart what runs at the same time, however short", async () => {
      const trials = await Promise.all(Array.from({ length: 6 }, () => trial("holds-pipe.sh")));
      const commands = trials.map(({ request }, i) => [
        "bash",
        "-c",
        `bash "$0"; exit ${i}`,
        request.command[0]!,
      ]);
      const outcomes = await Promise.all(
        trials.map((each, i) =>
          runProgram({ ...each, request: { ...each.request, command: commands[i]! } }, options),
        ),
      );
      expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 1, 2, 3, 4, 5]);
      for (const outcome of outcomes)
        expect(outcome).toMatchObject({ stdout: "done\n", leftovers: 1, alive: [] });
    });

    it("survives a submission that removes its own folders", async () => {
      const { request, out } = await trial("makes-images.sh");
      const command = ["bash", "-c", 'rm -rf "$0" "$PWD"; sleep 0.3', out];
      const outcome = await run({ ...request, command }, options);
      expect(outcome).toMatchObject({ verdict: "ok", outputFiles: 0, outputBytes: 0 });
    });

    it("does not follow a link out of the output", async () => {
      const links = await trial("links-to-root.sh", { outputFiles: 10 });
      const outcome = await runProgram(links, options);
      expect(outcome).toMatchObject({ verdict: "ok", outputFiles: 2 });
      expect(lstatSync(join(links.out, "images")).isSymbolicLink()).toBe(true);
    });

    it("stops everything when it is aborted", async () => {
      const { request, mark } = await trial("leaves-daemon.sh");
      const controller = new AbortController();
      const command = ["bash", "-c", 'bash "$0"; exec sleep "600.$MARK"', request.command[0]!];
      const running = run({ ...request, command, signal: controller.signal }, options);
      running.catch(() => {});
      await expect.poll(() => marked(mark).length, { timeout: 20_000 }).toBeGreaterThan(1);
      controller.abort(new Error("enough"));
      await expect(running).rejects.toThrow("enough");
      expect(marked(mark)).toEqual([]);
      await expect(run({ ...request, signal: controller.signal }, options)).rejects.toThrow("enough");
    });

    it("removes its own folders and groups", async () => {
      const started = await trial("makes-images.sh");
      const own = join(dirname(started.out), "tmp");
      mkdirSync(own);
      const { TMPDIR } = process.env;
      process.env.TMPDIR = own;
      try {
        await runProgram(started, options);
      } finally {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
      }
      expect(readdirSync(own)).toEqual([]);
    });
  });
}
