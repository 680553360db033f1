import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf, temporaryFolder } from "../../../datasets/test/image-files.ts";
import { containments } from "../../test/run-program.ts";
import {
  contextOf,
  done,
  referencesOf,
  SMALL,
  smallAssignment,
  submissionOf,
} from "../../test/small-grading.ts";
import type { Grading } from "../results/results.ts";
import type { GradeContext } from "./context.ts";
import { grade } from "./grade.ts";
import { jobsOf } from "./jobs.ts";
import { outputFolder } from "./output-folder.ts";
import type { Deductions } from "./points.ts";

interface Change {
  yaml?: (text: string) => string;
  problems?: string[];
  deductions?: Deductions;
}

/** Of the digits alone, unless a test says otherwise: they need no Python. */
function graded(
  context: GradeContext,
  { yaml, problems = ["digits"], deductions }: Change = {},
): Promise<Grading> {
  const assignment = smallAssignment(yaml);
  return done(grade(assignment, jobsOf(assignment, { problems, submission: true }), context, deductions));
}

/** A submission whose digits.sh is this. */
function submitted(script: string): { id: string; path: string } {
  const path = join(temporaryFolder(), "student");
  cpSync(submissionOf("good"), path, { recursive: true });
  writeFileSync(join(path, "digits.sh"), script);
  return { id: "student", path };
}

const workOf = ({ results }: GradeContext) => readdirSync(join(results, "work"));
const slot = { submission: "good", problem: "digits", variant: "submission" };

describe("grade", () => {
  it("runs once: what is known comes back, with the points of today's rubric", async () => {
    const context = contextOf();
    const [first] = (await graded(context)).results;
    expect(first).toMatchObject({ status: "graded", points: [{ earned: 9.5, possible: 10 }] });
    expect(readdirSync(outputFolder(context.results, slot, first!.runKey))).toHaveLength(20);
    const yaml = (text: string) => text.replace("points: 10, earned: 10", "points: 20, earned: 20");
    const again = await graded(context, { yaml, deductions: { daysLate: 4, penalties: ["codeFix"] } });
    expect(again.results[0]).toMatchObject({
      gradedAt: first!.gradedAt,
      points: [{ earned: 19, possible: 20 }],
    });
    // 30 % of 19, and 30 % of what is left for the fourth day.
    expect(again.points).toEqual({
      earned: 9.31,
      possible: 20,
      open: 0,
      deductions: [
        { label: "the code needed a small fix", points: 5.7 },
        { label: "4 days late, 3 of them free", points: 3.99 },
      ],
      given: { daysLate: 4, penalties: ["codeFix"] },
    });
    const [fresh] = (await graded({ ...context, fresh: true })).results;
    expect(fresh!.gradedAt > first!.gradedAt).toBe(true);
    expect(fresh!.key).toBe(first!.key);
    expect(workOf(context)).toEqual([]);
  });

  it("keeps the output of what was run last, told apart by the run's key", async () => {
    const context = contextOf();
    const [first] = (await graded(context)).results;
    const [other] = (await graded({ ...context, submission: { id: "good", path: submissionOf("worse") } }))
      .results;
    expect(existsSync(outputFolder(context.results, slot, first!.runKey))).toBe(false);
    expect(existsSync(outputFolder(context.results, slot, other!.runKey))).toBe(true);
    // The record of the first is there, and is not mistaken for the second's.
    expect((await graded(context)).results[0]).toMatchObject({ key: first!.key, gradedAt: first!.gradedAt });
  });

  it("what was run is scored by another measure without a new run, as long as its output is there", async () => {
    const context = contextOf();
    const [first] = (await graded(context)).results;
    const yaml = (text: string) =>
      text.replace(
        "metrics: [{ kind: digit-accuracy",
        "metrics: [{ kind: digit-accuracy, name: second }, { kind: digit-accuracy",
      );
    const [second] = (await graded(context, { yaml })).results;
    expect(second).toMatchObject({ status: "graded", runKey: first!.runKey, run: first!.run! });
    expect(second!.key).not.toBe(first!.key);
    expect(second!.metrics.map(({ name }) => name)).toContain("second");
    expect(second!.phases.run).toBe(first!.phases.run);
    expect((await graded(context, { yaml })).results[0]!.gradedAt).toBe(second!.gradedAt);

    rmSync(outputFolder(context.results, slot, first!.runKey), { recursive: true });
    const [third] = (await graded({ ...context, seed: 1 })).results;
    expect(third!.run!.startedAt > first!.run!.startedAt).toBe(true);
  });

  it("a failed run is not run again to be scored otherwise", async () => {
    const context = contextOf({ submission: submitted("exit 9") });
    const [first] = (await graded(context)).results;
    const [second] = (await graded({ ...context, seed: 1 })).results;
    expect(second).toMatchObject({ status: "failed", reasons: first!.reasons, run: first!.run! });
    const [fresh] = (await graded({ ...context, seed: 1, fresh: true })).results;
    expect(fresh!.run!.startedAt > first!.run!.startedAt).toBe(true);
  });

  it("a failed run is recorded, and its broken output is there to look at", async () => {
    const context = contextOf({
      submission: submitted('cp images/0_?.png "$1"; mkdir -p deep/er; chmod 0 deep'),
    });
    const { results, points } = await graded(context);
    expect(results[0]).toMatchObject({
      status: "failed",
      points: [{ earned: 0 }],
      findings: [{ code: "count", severity: "error" }],
    });
    expect(points).toMatchObject({ earned: 0, possible: 10 });
    expect(
      existsSync(outputFolder(context.results, { ...slot, submission: "student" }, results[0]!.runKey)),
    ).toBe(true);
    expect((await graded(context)).results[0]!.gradedAt).toBe(results[0]!.gradedAt);
    expect(workOf(context)).toEqual([]);
  });

  it("a crash is told with its last words, and leaves no output", async () => {
    const context = contextOf({ submission: submitted('cp images/*.png "$1"; echo no CUDA >&2; exit 9') });
    const { results } = await graded(context);
    expect(results[0]).toMatchObject({ status: "failed", run: { verdict: "crashed", exitCode: 9 } });
    expect(results[0]!.reasons).toContain("Its last words: no CUDA");
    expect(existsSync(join(context.results, "outputs"))).toBe(false);
  });

  it("what is missing on our side costs nothing, and is not recorded", async () => {
    const context = contextOf();
    const yaml = (text: string) => text.replace("labels: ./test-images.csv", "labels: ./absent.csv");
    const { results, points } = await graded(context, { yaml, problems: ["labels"] });
    expect(results[0]).toMatchObject({
      status: "not-gradable",
      reasons: [expect.stringMatching(/grading\/absent\.csv: expected a table of labels/)],
      points: [{ undecided: expect.any(String) }],
    });
    expect(results[0]).not.toHaveProperty("run");
    expect(points).toMatchObject({ earned: 0, possible: 0, open: 2 });
    expect(existsSync(join(context.results, "records"))).toBe(false);
  });

  it("a link out of the submission is left out of the copy, and that is said", async () => {
    const submission = submitted('cp images/*.png "$1"');
    symlinkSync("/etc/passwd", join(submission.path, "passwords"));
    const { results } = await graded(contextOf({ submission }));
    expect(results[0]).toMatchObject({
      status: "graded",
      findings: [{ code: "left-out", severity: "warning", files: ["passwords"], total: 1 }],
    });
  });

  it("results inside of the submission are no part of it", async () => {
    const submission = submitted('cp images/*.png "$1"; ls');
    const context = contextOf({ submission, results: join(submission.path, "results") });
    const [first] = (await graded(context)).results;
    expect(first).toMatchObject({ status: "graded", run: { stdout: "digits.sh\nimages\nlabels.py\n" } });
    expect((await graded(context)).results[0]!.gradedAt).toBe(first!.gradedAt);
  });

  it("ends with the signal's reason, nothing recorded and nothing left", async () => {
    const controller = new AbortController();
    const context = contextOf({ submission: submitted("sleep 600"), signal: controller.signal });
    const assignment = smallAssignment();
    const work = grade(assignment, jobsOf(assignment, { problems: ["digits"], submission: true }), context);
    const stopped = (async () => {
      for await (const { label } of work) {
        if (label.endsWith("running")) setTimeout(() => controller.abort(new Error("stop")), 200);
      }
    })();
    await expect(stopped).rejects.toThrow("stop");
    expect(workOf(context)).toEqual([]);
    expect(existsSync(join(context.results, "records"))).toBe(false);
  });

  it.each<[string, Partial<GradeContext>, Deductions, object]>([
    ["an unknown penalty", {}, { penalties: ["lateness"] }, { code: "GRADER_UNKNOWN_PENALTY", exitCode: 2 }],
    [
      "no submission",
      { submission: { id: "x", path: "/absent/student" } },
      {},
      { code: "GRADER_NO_SUBMISSION", exitCode: 2 },
    ],
    [
      "no folder for results",
      { results: "/dev/null/results" },
      {},
      { code: "GRADER_RESULTS_FOLDER", exitCode: 4 },
    ],
  ])("%s: found before anything runs", async (_, change, deductions, error) => {
    await expect(graded(contextOf(change), { deductions })).rejects.toMatchObject(error);
  });
});

const [contained] = containments;
it.skipIf(contained.skip)(
  `${contained.title}: labels, references, records and other students are invisible, also in a folder that is shown`,
  async () => {
    const course = folderOf({ "shown.txt": "shown" });
    cpSync(SMALL, join(course, "assignment"), { recursive: true });
    const students = join(course, "students");
    for (const name of ["ada", "grace"])
      cpSync(submissionOf("good"), join(students, name), { recursive: true });
    writeFileSync(join(students, "grace/secret.txt"), "solution of grace");
    const results = join(course, "results");
    mkdirSync(join(results, "records"), { recursive: true });
    writeFileSync(join(results, "records/grace.json"), "record of grace");
    writeFileSync(
      join(students, "ada/labels.py"),
      `import subprocess, sys
print(subprocess.run(["grep", "-rs", ".", "${course}", "--include=*.txt", "--include=*.csv", "--include=*.json"],
  capture_output=True, text=True).stdout)
print(*__import__("os").listdir(sys.argv[1]))
open(sys.argv[2], "w").write("image_name,label\\n100.png,6\\n")
`,
    );
    const yaml = (text: string) => text.replace("python3 labels.py", "/usr/bin/python3 labels.py");
    const submission = { id: "ada", path: join(students, "ada") };
    const references = referencesOf({ base: join(course, "assignment") });
    const context = contextOf({ results, references, submission, readable: [course] });
    const [result] = (await graded(context, { yaml, problems: ["labels"] })).results;
    const { stdout } = result!.run!;
    expect(stdout).toContain("shown.txt:shown");
    expect(stdout).toContain("100.png");
    expect(stdout).not.toMatch(/image_name|grace/);
    expect(result).toMatchObject({ status: "graded", metrics: [{ value: 1 / 8 }] });
  },
);
