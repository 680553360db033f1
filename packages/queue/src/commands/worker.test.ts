import { runProgram } from "@touchstone/cli";
import { expect, it, vi } from "vitest";
import { workerCommand } from "./worker.ts";

it.each([
  [[], 2, "--redis: expected a URL"],
  [["--redis", "localhost"], 2, "--redis: expected a URL"],
  [["--redis", "redis://127.0.0.1:1", "--jobs", "0"], 2, "--jobs: expected a whole number"],
  [["--redis", "redis://127.0.0.1:1", "--devices", "tpu"], 2, "cpu, gpu"],
  [["--redis", "redis://127.0.0.1:1", "--assignment", "/none.yaml"], 2, "/none.yaml"],
  [["--redis", "redis://me:secret@127.0.0.1:1"], 4, "redis://***@127.0.0.1:1: expected a Redis server"],
])("%j ends with %i", async (argv, exitCode, message) => {
  vi.stubEnv("TOUCHSTONE_REDIS", undefined);
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(await runProgram(workerCommand(), argv)).toBe(exitCode);
  const said = write.mock.calls.join("");
  write.mockRestore();
  vi.unstubAllEnvs();
  expect(said).toContain(message);
  expect(said).not.toContain("secret");
});
