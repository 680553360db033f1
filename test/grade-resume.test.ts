/** `pnpm grade` that is killed, or stopped by Ctrl-C: nothing survives it, and the same command goes on. */

import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { command, type Ended } from "./command.ts";
import { bwrap, image, made, processesWith } from "./grading.ts";

const ASSIGNMENT = `
id: two
limits: { wall: 60 s, memory: 1 GiB, output: 10 MiB }
problems:
  - id: quick
    command: bash quick.sh {out}
    output: { kind: images, count: 1, names: "{class:0-0}_{index:1-1}.png" }
    metrics: [{ kind: digit-accuracy }]
    rubric: [{ points: 1, earned: accuracy }]
  - id: slow
    command: bash slow.sh {out}
    output: { kind: images, count: 1 }
`;

const twoProblems = () =>
  made({
    "two.yaml": ASSIGNMENT,
    "student/0.png": image("0_1.png"),
    "student/quick.sh": 'cp 0.png "$1/0_1.png"',
    "student/slow.sh": 'sleep 4; cp 0.png "$1"',
  });

let marks = 0;
const newMark = () => `mark-${process.pid}-${marks++}-`;

function argsOf({ folder, results }: ReturnType<typeof twoProblems>, mark: string): string[] {
  const [assignment, student] = ["two.yaml", "student"].map((name) => join(folder, name)) as [string, string];
  const args = ["all", "--assignment", assignment, "--submission", student, "--results", results];
  return [...args, "--env", `MARK=${mark}`];
}

/** Starts the grading, and waits until the first problem is recorded and the second runs. */
async function started(args: string[], mark: string) {
  const grading = command("grade", args);
  // The grader itself has it on its command line.
  let early: Ended | undefined;
  grading.then((end) => {
    early = end;
  });
  while (!processesWith(mark).some((pid) => pid !== grading.pid && isSlow(pid))) {
    if (early) throw new Error(`It ended early: ${early.stderr}`);
    await setTimeout(20);
  }
  return { grading };
}

function isSlow(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").startsWith("sleep");
  } catch {
    return false;
  }
}

async function allGone(mark: string): Promise<boolean> {
  for (let i = 0; i < 500 && processesWith(mark).length > 0; i++) await setTimeout(20);
  return processesWith(mark).length === 0;
}

const recordsOf = (results: string, problem: string) => {
  const slot = join(results, "records/student", `${problem}--submission--%`);
  return readdirSync(slot).map((name) => JSON.parse(readFileSync(join(slot, name), "utf8")).result);
};

it.skipIf(bwrap.isAbsent)(
  `kill -9: nothing survives, and the same command finishes without grading anything twice${bwrap.note}`,
  async () => {
    const place = twoProblems();
    const mark = newMark();
    const args = argsOf(place, mark);
    const { grading } = await started(args, mark);
    grading.kill("SIGKILL");
    expect((await grading).code).toBe(null);
    expect(await allGone(mark)).toBe(true);
    const [first] = recordsOf(place.results, "quick");

    const [resumed, whole] = await Promise.all([
      command("grade", args),
      command("grade", [...args, "--results", `${place.results}-of-another`]),
    ]);
    expect(resumed.code).toBe(0);
    expect(recordsOf(place.results, "quick")).toEqual([first]);
    expect(recordsOf(place.results, "slow")).toHaveLength(1);
    // Neither the killed grader's folders nor those of this one.
    expect(readdirSync(join(place.results, "work"))).toEqual([]);
    expect(readdirSync(tmpdir()).filter((name) => name.includes(`-${grading.pid}-`))).toEqual([]);

    const table = ({ stdout }: { stdout: string }) =>
      stdout.replaceAll(/ +\d+\.\d+ of 60/g, " seconds of 60");
    expect(table(resumed)).toContain("seconds of 60");
    expect(table(resumed)).toBe(table(whole));
  },
);

it("Ctrl-C: exit 130, no process left, and a word on how to go on", async () => {
  const place = twoProblems();
  const mark = newMark();
  const { grading } = await started(argsOf(place, mark), mark);
  grading.kill("SIGINT");
  const { code, stdout, stderr } = await grading;
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toContain("What was graded is recorded; the same command goes on with the rest.");
  expect(processesWith(mark)).toEqual([]);
  expect(recordsOf(place.results, "quick")).toMatchObject([{ status: "graded" }]);
  expect(readdirSync(join(place.results, "work"))).toEqual([]);
  expect(readdirSync(tmpdir()).filter((name) => name.includes(`-${grading.pid}-`))).toEqual([]);
});
