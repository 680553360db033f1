/** `pnpm train`: stops cleanly, and says how to go on. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { command, temporaryFolder } from "./command.ts";

it("Ctrl-C ends it with its state saved, and an earlier state is not overwritten", async () => {
  const out = join(temporaryFolder(), "digits");
  const interrupted = await command("train", ["digit-classifier", "--out", out], (stderr, kill) => {
    if (stderr.includes("epoch 1 of 12") && !stderr.includes("Stopping")) kill("SIGINT");
  });
  expect(interrupted.code).toBe(130);
  expect(interrupted.stdout).toMatch(/^Stopped after step \d+ of 5148; --resume goes on\.\n$/);
  expect(existsSync(join(out, "state.safetensors"))).toBe(true);
  const steps = readFileSync(join(out, "log.jsonl"), "utf8").trim().split("\n").length;
  expect(steps).toBeGreaterThan(0);

  const again = await command("train", ["digit-classifier", "--out", out]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain(
    "found the state of an earlier training. Resume it, or choose another folder.",
  );
});
