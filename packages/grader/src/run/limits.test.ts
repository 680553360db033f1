import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { containments, runProgram, trial } from "../../test/run-program.ts";

const ways = containments.flatMap((way) => [
  { ...way, controlGroup: true, title: `${way.title}, with a control group where one can be made` },
  { ...way, controlGroup: false, title: `${way.title}, without a control group` },
]);

for (const { containment, controlGroup, skip, title } of ways) {
  const options = { containment, controlGroup };

  describe.skipIf(skip)(`limits: ${title}`, () => {
    it("stops what runs too long", async () => {
      const outcome = await runProgram(await trial("sleeps.sh", { wallSeconds: 0.5 }), options);
      expect(outcome).toMatchObject({ verdict: "wall-time", signal: "SIGKILL", alive: [], leftovers: 0 });
      expect(outcome.detail).toContain("0.5 s");
      expect(outcome.wallSeconds).toBeGreaterThanOrEqual(0.49);
    });

    it("stops what ignores SIGTERM", async () => {
      const outcome = await runProgram(await trial("ignores-sigterm.sh", { wallSeconds: 0.5 }), options);
      expect(outcome).toMatchObject({ verdict: "wall-time", alive: [] });
    });

    it("stops what computes too much, all processes together", async () => {
      const outcome = await runProgram(await trial("burns-cpu.sh", { cpuSeconds: 0.5 }), options);
      expect(outcome).toMatchObject({ verdict: "cpu-time", alive: [] });
      expect(outcome.cpuSeconds).toBeGreaterThan(0.5);
    });

    it("stops what takes too much memory", async () => {
      const outcome = await runProgram(
        await trial("eats-memory.mjs", { memoryBytes: 100 * 2 ** 20 }),
        options,
      );
      expect(outcome).toMatchObject({ verdict: "memory", alive: [], stdout: "" });
    });

    it("stops what starts too many processes", async () => {
      const outcome = await runProgram(await trial("many-processes.sh", { processes: 40 }), options);
      expect(outcome).toMatchObject({ verdict: "processes", alive: [] });
      expect(outcome.detail).toContain("40 processes");
    });

    it("stops what writes too much", async () => {
      const started = await trial("fills-disk.sh", { outputBytes: 4 * 2 ** 20 });
      const outcome = await runProgram(started, options);
      expect(outcome).toMatchObject({ verdict: "output-bytes", alive: [] });
      expect(outcome.outputBytes).toBeGreaterThan(4 * 2 ** 20);
      expect(existsSync(join(started.out, "100.bin"))).toBe(false);
    });

    it("stops a single file at the limit", async () => {
      const started = await trial("one-large-file.sh", { outputBytes: 4 * 2 ** 20 });
      const outcome = await runProgram(started, options);
      expect(outcome).toMatchObject({ verdict: "output-bytes", alive: [] });
      expect(statSync(join(started.out, "large.bin")).size).toBeLessThan(4 * 2 ** 20 + 1024);
    });

    it("stops what fills its temporary folder", async () => {
      const started = await trial("fills-disk.sh", { outputBytes: 4 * 2 ** 20 }, () => []);
      const script = 'exec bash "$0" "$TMPDIR"';
      const request = { ...started.request, command: ["bash", "-c", script, started.request.command[0]!] };
      const outcome = await runProgram({ ...started, request }, options);
      expect(outcome).toMatchObject({ verdict: "output-bytes", outputBytes: 0, alive: [] });
      expect(outcome.detail).toContain("temporary folder");
    });

    it("stops what makes too many files", async () => {
      const outcome = await runProgram(await trial("many-files.sh", { outputFiles: 100 }), options);
      expect(outcome).toMatchObject({ verdict: "output-files", alive: [] });
      expect(outcome.outputFiles).toBeGreaterThan(100);
    });

    it("leaves alone what keeps all of them", async () => {
      const limits = {
        cpuSeconds: 20,
        memoryBytes: 2 ** 30,
        processes: 20,
        outputBytes: 2 ** 20,
        outputFiles: 4,
      };
      const outcome = await runProgram(await trial("makes-images.sh", limits), options);
      expect(outcome).toMatchObject({ verdict: "ok", exitCode: 0, signal: null, alive: [], leftovers: 0 });
      expect(outcome).toMatchObject({ outputFiles: 4, outputBytes: 16, stdout: "wrote 4\n", stderr: "" });
      expect(Object.values(outcome.enforcement)).not.toContain("not limited");
    });
  });
}
