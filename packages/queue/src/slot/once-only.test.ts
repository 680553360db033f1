import { openRecords, type ProblemRecord } from "@touchstone/grader";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { metric, result } from "../../../grader/test/example-grading.ts";
import { onceOnly } from "./grade-one.ts";

const KEY = "ab".repeat(32);
const record = (day: string, more: Partial<ProblemRecord["result"]> = {}): ProblemRecord => ({
  submission: "ann",
  environment: {},
  result: result({ key: KEY, gradedAt: `2026-01-${day}T00:00:00.000Z`, ...more }),
});
const slotOf = ({ submission, result }: ProblemRecord) => ({ ...result, submission });

it("adds no second result of the same key, but for one that has what the first lacks", async () => {
  const all = openRecords(temporaryFolder());
  let guarded = 0;
  const records = onceOnly(all, undefined, () => guarded++);
  const open = metric({ name: "fid", value: null, problem: "no weights", fault: "passing" });
  await records.save(record("01", { metrics: [open] }));
  await records.save(record("02"));
  await records.save(record("03"));
  expect((await all.list()).records.map(({ result }) => result.gradedAt.slice(8, 10))).toEqual(["01", "02"]);
  expect(guarded).toBe(3);
});

it("knows nothing of what is older than it is to know", async () => {
  const all = openRecords(temporaryFolder());
  await all.save(record("01"));
  const records = onceOnly(all, "2026-01-02T00:00:00.000Z", () => {});
  expect(await records.find(slotOf(record("01")), KEY)).toBeUndefined();
  await records.save(record("03"));
  await records.save(record("04"));
  expect((await all.list()).records).toHaveLength(2);
  expect((await records.find(slotOf(record("01")), KEY))!.result.gradedAt).toContain("01-03");
});
