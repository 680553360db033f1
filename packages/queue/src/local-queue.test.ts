import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openRecords } from "@touchstone/grader";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../datasets/test/image-files.ts";
import { collect, FAKE_SLOT } from "../test/events.ts";
import { labels, PICTURES, type Scripts, smallClass } from "../test/small-class.ts";
import { localQueue } from "./local-queue.ts";
import type { TaskQueue } from "./queue.ts";
import type { TaskEvent } from "./task.ts";

const classOf = (...students: string[]) =>
  smallClass(temporaryFolder(), Object.fromEntries(students.map((student) => [student, {}])));

function opened(queue: TaskQueue): TaskQueue {
  onTestFinished(() => queue.close());
  return queue;
}

const fake = (jobs: number) => opened(localQueue({ jobs, program: FAKE_SLOT }));

describe("localQueue, with slots that do what their student is called", () => {
  it("tells of each task that it waits, runs, and is done, once", async () => {
    const { tasks } = classOf("ann", "bob", "cyd", "dot", "eve");
    const { events, done } = await collect(fake(2), tasks);
    expect(Object.keys(done).sort()).toEqual(["ann", "bob", "cyd", "dot", "eve"]);
    const kinds = events.flatMap((event) =>
      "student" in event && event.student === "eve" ? event.kind : [],
    );
    expect(kinds).toEqual(["queued", "running", "progress", "progress", "done"]);
  });

  it("keeps a slot from one task to the next, and has as many as it was told", async () => {
    const pids = new Set<string>();
    await collect(fake(2), classOf("slow-1", "slow-2", "slow-3", "slow-4").tasks, (event) => {
      if (event.kind === "done") for (const { variant } of event.results) pids.add(variant);
    });
    expect(pids.size).toBe(2);
  });

  it("tries again where a slot died", async () => {
    const { events, done } = await collect(fake(1), classOf("dies-once", "ann").tasks);
    expect(done).toEqual({ "dies-once": ["graded", "graded"], ann: ["graded", "graded"] });
    const tries = events.flatMap((event) => (event.kind === "running" ? [event.tries] : []));
    expect(tries).toEqual([1, 2, 1]);
  });

  it("gives up a job that kills its slot each time, and it alone; that is no zero", async () => {
    const { events, done, reasons } = await collect(fake(2), classOf("poison", "ann").tasks);
    expect(done).toEqual({ poison: ["not-gradable", "graded"], ann: ["graded", "graded"] });
    expect(reasons.poison).toEqual([
      "It was begun 3 times and not brought to an end: it was ended by SIGKILL.",
    ]);
    const end = events.find((event) => event.kind === "done" && event.student === "poison");
    expect(end).toMatchObject({ results: [{ points: [{ earned: 0, undecided: expect.any(String) }] }, {}] });
  });

  it("what is no death is not tried again", async () => {
    const { done, reasons } = await collect(fake(1), classOf("absent").tasks);
    expect(done.absent).toEqual(["not-gradable", "not-gradable"]);
    expect(reasons.absent).toEqual(["no such folder", "no such folder"]);
  });

  it("ends with an error where files were changed while it ran", async () => {
    await expect(collect(fake(2), classOf("endless", "changed").tasks)).rejects.toMatchObject({
      code: "QUEUE_REFUSED",
      exitCode: 2,
    });
  });

  it("stops by its signal, and when nobody listens any more; then runs again", async () => {
    const queue = fake(2);
    const { tasks } = classOf("endless-1", "endless-2", "endless-3");
    const controller = new AbortController();
    const stop = (event: TaskEvent) => event.kind === "running" && controller.abort(new Error("enough"));
    await expect(collect(queue, tasks, stop, controller.signal)).rejects.toThrow("enough");
    for await (const event of queue.run(tasks)) if (event.kind === "running") break;
    expect((await collect(queue, classOf("ann").tasks)).done.ann).toEqual(["graded", "graded"]);
  });

  it("looks at the tasks first", async () => {
    const { tasks } = classOf("ann");
    const [task] = tasks as [(typeof tasks)[0]];
    const { assignment } = task;
    for (const [wrong, message] of [
      [[task, task], "one of each student, found two of ann"],
      [[{ ...task, version: "0.0.1" }], "those of 0.0.1"],
      [[{ ...task, assignment: { ...assignment, sha256: "0".repeat(64) } }], "It was changed"],
      [[{ ...task, problems: ["p9"] }], "problem: expected one of"],
    ] as const) {
      await expect(collect(fake(1), wrong)).rejects.toThrow(message);
    }
    expect((await collect(fake(1), [])).events).toEqual([]);
  });
});

describe("localQueue, grading", { timeout: 240_000 }, () => {
  const SLEEP = `sleep 17.${process.pid}`;
  const processes = (line: string) =>
    execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" })
      .split("\n")
      .filter((each) => each.includes(line))
      .map((each) => each.trim().split(/ +/).map(Number));
  const runsPictures = (event: TaskEvent) =>
    event.kind === "progress" && event.student === "ann" && event.label === "pictures, submission: running";

  it("goes on where it was stopped or a slot was killed, and grades nothing twice", async () => {
    const students = (pictures: string): Record<string, Scripts> => {
      return { ann: { pictures }, bob: { labels: labels(4) }, cyd: { labels: "exit 3" } };
    };
    const folder = temporaryFolder();
    const { tasks, results } = smallClass(folder, students(SLEEP));
    const controller = new AbortController();
    const stop = (event: TaskEvent) => runsPictures(event) && controller.abort(new Error("enough"));
    const stopped = collect(opened(localQueue({ jobs: 2 })), tasks, stop, controller.signal);
    await expect(stopped).rejects.toThrow("enough");
    expect(processes(SLEEP)).toEqual([]);
    expect((await openRecords(results).list()).records.length).toBeGreaterThan(0);

    smallClass(folder, students(`${PICTURES}sleep 2`));
    let kills = 0;
    const kill = (event: TaskEvent) => {
      if (!runsPictures(event) || kills++ > 0) return;
      const own = processes("slot.mjs").filter(([, parent]) => parent === process.pid);
      for (const [pid] of own) process.kill(pid!, "SIGKILL");
    };
    const { done } = await collect(opened(localQueue({ jobs: 2 })), tasks, kill);
    expect(kills).toBeGreaterThan(1);
    expect(done).toEqual({ ann: ["graded", "graded"], bob: ["graded", "graded"], cyd: ["failed", "graded"] });
    const { records } = await openRecords(results).list();
    const keys = records.map(({ submission, result }) => `${submission} ${result.problem} ${result.key}`);
    expect(new Set(keys).size).toBe(keys.length);
    const alone = records.map(({ result: { problem, run } }) => `${problem} ${run?.alone}`);
    expect(new Set(alone)).toEqual(new Set(["labels false", "pictures true"]));
    expect(records[0]!.result.run!.load!.start).toHaveLength(3);
    expect(readdirSync(join(results, "work"))).toEqual([]);
  });
});
