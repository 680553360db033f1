/** A class that is really graded, by child processes: what is found again, and what is graded again. */

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "@touchstone/cli";
import { gradeCommand } from "@touchstone/grader";
import { afterEach, expect, it, vi } from "vitest";
import { classMode } from "../src/index.ts";
import { temporaryFolder } from "./small-class.ts";

const GRADING = fileURLToPath(new URL("../../../fixtures/grading", import.meta.url));

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function grade(...args: string[]) {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  process.exitCode = undefined;
  const code = await runProgram(gradeCommand([classMode()]), args);
  const [stdout, stderr] = [write, told].map(({ mock }) => mock.calls.map(([text]) => text).join("")) as [
    string,
    string,
  ];
  vi.restoreAllMocks();
  return { code, stdout, stderr };
}

it("grades two students, finds them again, and grades the one whose submission has changed", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "students"));
  for (const id of ["ada", "bob"])
    cpSync(join(GRADING, "submissions/good"), join(folder, "students", id), { recursive: true });
  writeFileSync(join(folder, "students/bob/digits.sh"), "exit 7\n");
  writeFileSync(join(folder, "class.csv"), "student_id,last_name,first_name,email\nada,,,\nbob,,,\n");
  const args = [
    "digits",
    "--assignment",
    join(GRADING, "assignment.yaml"),
    "--roster",
    join(folder, "class.csv"),
  ];
  args.push(
    "--submissions",
    join(folder, "students"),
    "--results",
    join(folder, "results"),
    "--no-page",
    "--jobs",
    "2",
  );

  expect((await grade(...args, "--dry-run")).stdout).toMatch(/ada +digits +new .*\nbob +digits +new /);
  const first = await grade(...args);
  expect(first.code).toBe(3);
  expect(first.stdout).toMatch(/ada +9.5 \/ 10 +9.5 \/ 10 +graded\nbob +0 \/ 10 +0 \/ 10 +failed\n/);
  expect((await grade(...args, "--dry-run")).stdout).toMatch(/ada +digits +reused .*\nbob +digits +reused /);

  writeFileSync(join(folder, "students/bob/digits.sh"), 'cp images/*.png "$1"\n');
  const changed = await grade(...args, "--changed");
  expect(changed.stderr).not.toContain("ada: running");
  expect(changed.stdout).toMatch(/ada .* graded\nbob +9.5 \/ 10 +9.5 \/ 10 +graded\n/);
  expect(changed.code).toBe(0);
}, 300_000);
