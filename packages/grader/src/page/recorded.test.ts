import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { result } from "../../test/example-grading.ts";
import { smallAssignment } from "../../test/small-grading.ts";
import { type Job, jobsOf } from "../grade/index.ts";
import { type Deductions, totalOf } from "../grade/points.ts";
import { openRecords } from "../records/index.ts";
import type { ProblemResult } from "../results/results.ts";
import { keepGrading } from "./kept-grading.ts";
import { recordedGrading } from "./recorded.ts";

const assignment = smallAssignment();
const jobs = jobsOf(assignment, { submission: true });
const [digits, labels] = jobs as [Job, Job];
const accuracy = { name: "accuracy", label: "accuracy", value: 0.75, n: 8, better: "higher", protocol: {} };

let results: string;
beforeEach(() => {
  results = temporaryFolder();
});

const resultOf = ({ problem, variant }: Job, day: string, more: Partial<ProblemResult> = {}) =>
  result({
    ...{ problem: problem.id, title: problem.title, variant, metrics: [accuracy as never] },
    ...{ key: "ab".repeat(32), gradedAt: `2026-01-${day}T00:00:00.000Z`, ...more },
  });

const save = (one: ProblemResult, submission = "ann") =>
  openRecords(results).save({ submission, environment: {}, result: one });

const keep = (all: ProblemResult[], given: Deductions = {}, id = "ann") =>
  keepGrading(results, {
    ...{ assignment, submission: { id }, results: all, environment: {} },
    points: totalOf(all, assignment, given),
  });

const recorded = (given?: Deductions) => recordedGrading(assignment, jobs, results, "ann", given);

it("takes off what the last grading was given, unless it is said anew", async () => {
  const all = [resultOf(digits, "01"), resultOf(labels, "01")];
  for (const one of all) await save(one);
  // 10 * 0.75 and 2 of 2; each day after the third costs 30 %, and so does the fix before it.
  expect((await recorded()).points).toMatchObject({ earned: 9.5, deductions: [] });
  await keep(all, { daysLate: 4, penalties: ["codeFix"] });
  expect((await recorded()).points).toMatchObject({ earned: 4.655, given: { daysLate: 4 } });
  expect((await recorded({ daysLate: 4 })).points).toMatchObject({ earned: 6.65, given: { daysLate: 4 } });
  expect((await recorded({ daysLate: 0 })).points).toMatchObject({ earned: 9.5, deductions: [] });
});

it("of a submission, what nothing is recorded of is open; of the built-in models it is left out", async () => {
  await save(resultOf(labels, "01"));
  const { results: rows, points } = await recorded();
  expect(rows.map(({ status, reasons }) => [status, ...reasons])).toEqual([
    ["not-gradable", "Nothing is recorded of it."],
    ["graded"],
  ]);
  expect(points).toMatchObject({ earned: 2, possible: 2, open: 10 });
  await save(resultOf(labels, "01"), "builtin");
  const builtin = await recordedGrading(assignment, jobs, results, undefined);
  expect([builtin.results.length, builtin.points]).toEqual([1, undefined]);
});

it("what could not be graded last is open, whatever is recorded of the time before", async () => {
  await save(resultOf(digits, "01"));
  await keep([resultOf(digits, "02", { status: "not-gradable", reasons: ["no disk"], metrics: [] })]);
  expect((await recorded()).results[0]).toMatchObject({ status: "not-gradable", reasons: ["no disk"] });
  await save(resultOf(digits, "03"));
  expect((await recorded()).results[0]).toMatchObject({ status: "graded" });
});

it("a last grading that cannot be read is said, unless nothing hangs on it", async () => {
  await save(resultOf(digits, "01"));
  mkdirSync(join(results, "reports/ann"), { recursive: true });
  writeFileSync(join(results, "reports/ann/grading.json"), "{");
  await expect(recorded()).rejects.toMatchObject({
    ...{ code: "GRADER_KEPT_GRADING", exitCode: 2 },
    message: expect.stringContaining("ann/grading.json: expected what the last grading wrote"),
  });
  expect((await recorded({ daysLate: 0 })).results[0]).toMatchObject({ status: "graded" });
});
