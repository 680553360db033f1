import { reporters } from "@touchstone/grader";
import { renderReport } from "@touchstone/report";
import { expect, it } from "vitest";
import { outcome } from "../../../grader/test/example-grading.ts";
import {
  assignment,
  classOf,
  folderOf,
  graded,
  jobs,
  result,
  resultsOf,
  student,
} from "../../test/small-class.ts";
import { explain } from "../explain/explain.ts";
import { renderClassJson } from "../exports/export.ts";
import { changesOf, diffTable } from "./diff.ts";
import { diffPage } from "./diff-page.ts";
import { readGradings } from "./read-gradings.ts";

const ada = student("ada");
const of = (...students: ReturnType<typeof graded>[]) =>
  new Map(students.map(({ student, grading }) => [student.id, grading]));
const why = (...args: Parameters<typeof changesOf>) => changesOf(...args)[0]?.why.join("; ");

it("the same gradings have no changes", () => {
  expect(changesOf(of(graded(ada, resultsOf(1))), of(graded(ada, resultsOf(1))))).toEqual([]);
});

it("a metric, a status, days, a decision by hand: each is said", () => {
  const before = of(graded(ada, resultsOf(0.8)));
  expect(changesOf(before, of(graded(ada, resultsOf(0.9))))[0]).toMatchObject({
    id: "ada",
    before: 14,
    after: 15,
  });
  expect(why(before, of(graded(ada, resultsOf(0.9))))).toMatch(
    /^p1: accuracy 80.00 %, then 90.00 %; p1: another submission/,
  );
  const failed = resultsOf(0.8, { status: "failed", reasons: ["Ended with exit code 7."] });
  expect(why(before, of(graded(ada, failed)))).toContain("p1: graded, then failed (Ended with exit code 7.)");
  const late = { students: { ada: { daysLate: 3 } } };
  expect(why(before, of(graded(ada, resultsOf(0.8), { policy: late })))).toBe(
    "taken off now: 3 days late, 1 of them free",
  );
  const overrides = [{ problem: "p1", points: 9, reason: "seen by hand" }];
  const byHand = graded(ada, resultsOf(0.8), { policy: { students: { ada: { overrides } } } });
  expect(why(before, of(byHand))).toBe("p1: set by hand: seen by hand (before: 8 of 10)");
});

it("who came and who went", () => {
  const changes = changesOf(of(graded(ada, resultsOf(1))), of(graded(student("bob"), resultsOf(1))));
  expect(changes.map(({ id, why }) => [id, ...why])).toEqual([
    ["ada", "not graded any more"],
    ["bob", "graded for the first time"],
  ]);
});

it("values of unlike protocols are not compared, nor distances of other numbers of images", () => {
  const with_ = (resize: string, n = 1000) =>
    of(
      graded(
        ada,
        jobs.map((job) => {
          const one = result(job, 0.8);
          const metrics = one.metrics.map(({ unit: _, ...distance }) => ({
            ...distance,
            n,
            protocol: { resize },
          }));
          return { ...one, metrics };
        }),
      ),
    );
  expect(why(with_("clean"), with_("pytorch"))).toContain("measured otherwise (resize: clean, then pytorch)");
  expect(why(with_("clean"), with_("clean", 2000))).toContain("measured otherwise (n: 1000, then 2000)");
});

it("a page of the class names who changed, and one of a student what", async () => {
  const both = [
    of(graded(ada, resultsOf(0.8)), graded(student("bob"), resultsOf(1))),
    of(graded(ada, resultsOf(0.9)), graded(student("bob"), resultsOf(1))),
  ] as const;
  const changes = changesOf(...both);
  const table = diffTable(changes, 2);
  const names = { before: "old", after: "new" };
  const page = renderReport(await diffPage(both, names, { changes, table }));
  expect(page).toContain("1 of 2 have changed");
  expect(page).not.toContain(">bob<");
  expect(renderReport(await diffPage(both, names, { changes, table, id: "ada" }))).toContain("What changed");
});

it("reads a folder of results and a file; what is none is named", async () => {
  const json = reporters.json(graded(ada, resultsOf(1)).grading);
  const folder = folderOf({
    "reports/ada/grading.json": json,
    "reports/empty/report.html": "",
    "class.json": renderClassJson(classOf([graded(ada, resultsOf(1)), graded(student("bob"), [])])),
    "bad.json": '{"schema": 1}',
    "none.json": "x",
  });
  expect([...(await readGradings(folder)).keys()]).toEqual(["ada"]);
  expect((await readGradings(`${folder}/reports/ada/grading.json`)).get("ada")?.points?.earned).toBe(16);
  const ofClass = await readGradings(`${folder}/class.json`);
  expect([...ofClass].map(([id, { points }]) => [id, points?.earned])).toEqual([
    ["ada", 16],
    ["bob", 0],
  ]);
  await expect(readGradings(`${folder}/bad.json`)).rejects.toThrow(
    /bad.json: expected a grading .* a wrong schema/,
  );
  await expect(readGradings(`${folder}/none.json`)).rejects.toThrow(/found no JSON/);
  await expect(readGradings(`${folder}/reports`)).rejects.toThrow(/found no gradings/);
  await expect(readGradings(`${folder}/nothing`)).rejects.toThrow(/found nothing there/);
});

it("explains every number: metrics, protocol, expressions, decisions, key", () => {
  const overrides = [{ problem: "p3", column: "usps", points: 1, reason: "seen by hand" }];
  const policy = { students: { ada: { daysLate: 2, overrides, penalties: ["codeFix"] } } };
  const text = explain(graded(ada, resultsOf(0.8), { policy }));
  for (const part of [
    "ada, Ada Lovelace, ada@x.org: graded, 5.4 / 16 points, 6 off: the code needed a fix, 0.6 off: 2 days late",
    `Assignment hw, SHA-256 ${assignment.sha256}`,
    "accuracy = 0.8, n = 100, higher is better",
    "10 * accuracy: accuracy = 0.8",
    "accuracy >= 0.5: accuracy = 0.8",
    "seen by hand (before: 3 of 3)",
    `key ${result(jobs[0]!, 0.8).key}`,
    "p3, usps set by hand to 1: seen by hand",
    "penalty: codeFix",
  ])
    expect(text).toContain(part);
  expect(explain(graded(ada, resultsOf(0.8)), "p1")).not.toContain("p3");
});

it("explain says what the machine did besides, and whether a run had its device alone", () => {
  const run = outcome({ load: { start: [0.5, 1, 2], end: [3.456, 1, 2] }, alone: true });
  const text = explain(graded(ada, resultsOf(0.8, { run })), "p1");
  expect(text).toContain(
    "load of the machine over 1, 5 and 15 minutes: 0.5, 1, 2 at its start, 3.46, 1, 2 at its end\n",
  );
  expect(text).toContain("it had its device alone\n");
  const shared = explain(graded(ada, resultsOf(0.8, { run: outcome({ alone: false }) })), "p1");
  expect(shared).toContain("its device was not kept free for it");
  expect(shared).not.toContain("load of the machine");
});
