/** `pnpm grade` of the small assignment in fixtures/grading: what it prints, writes and exits with. */

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { command, temporaryFolder } from "./command.ts";
import { builtinFaces, GRADING, image, made, python, SMALL, submission } from "./grading.ts";

const grade = (...args: string[]) => command("grade", args);

describe("pnpm grade", () => {
  it.skipIf(python.isAbsent)(
    `a submission in bash and Python: the known answers, every report, and from the record the same again${python.note}`,
    async () => {
      const folder = temporaryFolder();
      const formats = ["terminal", "json", "csv", "markdown", "junit", "gradescope", "github"];
      const args = [...SMALL, ...submission("good"), "--results", join(folder, "results")];
      const reports = formats.flatMap((format) => ["--report", `${format}=${join(folder, format)}`]);
      const first = await grade("all", ...args, ...reports);
      expect(first.code).toBe(0);
      expect(first.stdout).toMatch(/^A small assignment, submission good: 11\.5 \/ 12 points$/m);
      expect(first.stdout).toMatch(
        /^submission +95\.00 % \[76\.39 %, 99\.11 %\] +\d+\.\d+ of 20 +9\.5 \/ 10$/m,
      );
      expect(first.stdout).toMatch(/^submission +75\.00 % .* 2 \/ 2$/m);
      expect(first.stderr).toContain("grading: labels, submission");
      // Nobody should see where it runs.
      expect(first.stderr).not.toContain("/work/");

      const text = (format: string) => readFileSync(join(folder, format), "utf8");
      expect(text("terminal")).toBe(first.stdout);
      expect(JSON.parse(text("gradescope"))).toMatchObject({ score: 11.5 });
      expect(text("junit")).toMatch(/^<\?xml/);
      expect(text("csv")).toContain("0.95");
      for (const format of ["markdown", "github"]) expect(text(format)).toContain("95.00 %");

      const { code, stdout } = await grade("all", ...args, "--json");
      expect(code).toBe(0);
      const again = JSON.parse(stdout);
      expect(again).toEqual(JSON.parse(text("json")));
      expect(again.points).toMatchObject({ earned: 11.5, possible: 12, open: 0 });
      const [digits, labels] = again.results;
      expect(digits.metrics[0]).toMatchObject({ name: "accuracy", value: 0.95, n: 20 });
      expect(labels.metrics[0]).toMatchObject({ name: "accuracy", value: 0.75, n: 8 });
      expect(Object.keys(digits.phases).sort()).toEqual(["copy", "run", "score", "validate"]);
      expect(readdirSync(join(folder, "results/work"))).toEqual([]);

      const page = join(folder, "results/reports/good/report.html");
      expect(readFileSync(page, "utf8")).toContain("Confusion, submission");
      rmSync(page);
      const results = join(folder, "results");
      const rebuilt = await grade("report", "all", ...SMALL, "--id", "good", "--results", results);
      expect(rebuilt.stdout).toBe(first.stdout);
      expect(existsSync(page)).toBe(true);
      const given = ["--days-late", "4", "--penalty", "codeFix"];
      const late = await grade("all", ...args, ...given, "--no-page");
      expect(late.stdout).toMatch(/^A small assignment, submission good: 5\.63 \/ 12 points, 3\.45 off/m);
      const report = ["report", "all", ...SMALL, "--id", "good", "--results", results];
      expect((await grade(...report)).stdout).toBe(late.stdout);
      expect((await grade(...report, "--days-late", "0")).stdout).toBe(first.stdout);
      const nobody = await grade("report", "all", ...SMALL, "--id", "nobody", "--results", results);
      expect(nobody.code).toBe(2);
      expect(nobody.stderr).toContain('expected records of "nobody" for these problems, found none');
    },
  );

  it("compares several submissions by what is recorded of them", async () => {
    const results = join(temporaryFolder(), "results");
    for (const name of ["good", "worse"] as const)
      await grade("digits", ...SMALL, ...submission(name), "--results", results, "--no-page");
    const both = ["report", "digits", ...SMALL, "--results", results, "--id", "good", "--id", "worse"];
    const { code, stdout } = await grade(...both);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^good +95\.00 % .*\nworse +/m);
    const page = readFileSync(join(results, "comparison.html"), "utf8");
    expect(page).toContain("What changed");
    const json = JSON.parse((await grade(...both, "--json")).stdout);
    expect(json.map((grading: { submission: object }) => grading.submission)).toEqual([
      { id: "good" },
      { id: "worse" },
    ]);
    const refused = await grade(...both, "--report", "markdown=out.md");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("one --id beside it") });
  });

  it("leaves the submission as it is, and prints nothing of it that steers a terminal", async () => {
    const { folder, results } = made({
      "digits.sh": `echo > digits.sh; rm -r images; printf '\\033[2Jgone\\n' >&2; exit 1`,
      "images/0_1.png": image("0_1.png"),
    });
    const before = readFileSync(join(folder, "digits.sh"), "utf8");
    const id = "\u001b[31m../../etc";
    const args = [...SMALL, "--submission", folder, "--results", results, "--id", id];
    const { code, stdout, stderr } = await grade("digits", ...args);
    expect(code).toBe(3);
    expect(stdout).toContain("failed");
    expect(stdout + stderr).not.toContain("\u001b");
    expect(readFileSync(join(folder, "digits.sh"), "utf8")).toBe(before);
    expect(readdirSync(join(folder, "images"))).toEqual(["0_1.png"]);
    expect(readdirSync(join(results, "records"))).toEqual(["%1B%5B31m%2E%2E%2F%2E%2E%2Fetc"]);
  });

  it("a built-in model without weights is nobody's fault: exit 4, and the file is named", async () => {
    const { folder, results } = made({ "own.yaml": builtinFaces("{checkpoints}/absent.safetensors") });
    const args = ["--assignment", join(folder, "own.yaml"), "--results", results];
    const { code, stdout } = await grade("faces", ...args);
    expect(code).toBe(4);
    expect(stdout).toMatch(/checkpoints\/absent\.safetensors: expected trained weights, found nothing/);
    expect(existsSync(join(results, "records"))).toBe(false);
  });
});

it("a classifier of the assignment's own lies beside it, for the scores and for the page", async () => {
  const yaml = readFileSync(join(GRADING, "assignment.yaml"), "utf8");
  const { folder, results } = made({
    "own.yaml": yaml.replace("kind: digit-accuracy", "kind: digit-accuracy, classifier: own.safetensors"),
    "own.safetensors": readFileSync(
      new URL("../packages/digit-classifier/checkpoints/mnist-m.safetensors", import.meta.url),
    ),
  });
  const args = ["--assignment", join(folder, "own.yaml"), ...submission("good"), "--results", results];
  const { code } = await grade("digits", ...args);
  expect(code).toBe(0);
  const page = readFileSync(join(results, "reports/good/report.html"), "utf8");
  expect(page).toContain("Confusion, submission");
});

it("a broken assignment: exit 2, with line and column", async () => {
  const { folder, results } = made({
    "broken.yaml":
      "id: small\nproblems:\n  - id: digits\n    command: bash digits.sh {uot}\n    output: { kind: images, count: 1 }\n",
  });
  const args = ["--assignment", join(folder, "broken.yaml"), "--results", results];
  const { code, stdout, stderr } = await grade("all", ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/broken\.yaml:4:14.*\{uot\}; did you mean "out"\?/s);
});

it("results that cannot be written: exit 4, in one line", async () => {
  const { code, stdout, stderr } = await grade(
    "all",
    ...SMALL,
    ...submission("good"),
    "--results",
    "/dev/null",
  );
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  expect(stderr).toMatch(
    /^grade: \/dev\/null: expected a folder for results that can be written, found ENOTDIR.*\n$/,
  );
});
