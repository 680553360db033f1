/** `pnpm grade check`: a regression gate that holds, fails, and is written. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { command, temporaryFolder } from "./command.ts";
import { SMALL, submission } from "./grading.ts";

it("the gate: written from a grading, holds for the same, fails for a worse one", async () => {
  const folder = temporaryFolder();
  const baseline = join(folder, "baseline.yaml");
  const check = (name: "good" | "worse", ...args: string[]) =>
    command("grade", [
      ...["check", "digits", ...SMALL, ...submission(name)],
      ...["--results", join(folder, "results"), "--baseline", baseline, ...args],
    ]);
  expect(await check("good", "--update")).toMatchObject({ code: 0, stdout: `${baseline}: written\n` });
  expect(readFileSync(baseline, "utf8")).toMatch(/problem: digits.*metric: accuracy.*value: 0\.95\n/s);

  // Entries of a problem that is not asked for do not count.
  const other = readFileSync(baseline, "utf8")
    .replace(/^metrics:\n/m, "")
    .replace(/^schema.*\n/m, "");
  writeFileSync(
    baseline,
    readFileSync(baseline, "utf8") + other.replace("problem: digits", "problem: labels"),
  );
  const holds = await check("good", "--report", `markdown=${join(folder, "gate.md")}`);
  expect(holds.code).toBe(0);
  expect(holds.stdout).toMatch(/^digits, submission: accuracy +95\.00 % +95\.00 %.* ok$/m);
  expect(readFileSync(join(folder, "gate.md"), "utf8")).toContain("accuracy");

  const fails = await check("worse", "--json");
  expect(fails.code).toBe(1);
  expect(JSON.parse(fails.stdout).lines).toMatchObject([{ verdict: "regressed", fails: true }]);
});
