import { expect, it } from "vitest";
import type { GradingTask } from "../task.ts";
import { shownUrl } from "./connection.ts";
import { fromWire, jobId, queueName, toWire } from "./wire.ts";

const task: GradingTask = {
  student: "b09901000",
  submission: "/class/submissions/b09901000",
  problems: ["p1"],
  assignment: { id: "hw2", file: "/class/hw2.yaml", sha256: "ab".repeat(32) },
  version: "0.1.0",
  results: "/class",
  options: { device: "cpu", seed: 0, offline: true, data: "/data", hide: ["/class/answers", "/classes"] },
};

it("paths below the root begin where the other machine has it; others stay", () => {
  const sent = toWire(task, "/class");
  expect(sent).toMatchObject({ submission: "submissions/b09901000", results: "." });
  expect(sent.options).toMatchObject({ data: "/data", hide: ["answers", "/classes"] });
  expect(fromWire(sent, "/class")).toEqual(task);
  const there = fromWire(sent, "/mnt/class");
  expect(there).toMatchObject({ submission: "/mnt/class/submissions/b09901000", results: "/mnt/class" });
  expect(there.options).toMatchObject({ data: "/data", hide: ["/mnt/class/answers", "/classes"] });
  expect(() => fromWire(sent, undefined)).toThrow('the folder in which "submissions/b09901000" is');
  expect(toWire(task, undefined)).toBe(task);
});

it("the same task has the same id, which BullMQ can take; another one another", () => {
  expect(jobId(structuredClone(task))).toBe(jobId(task));
  const others = [
    { ...task, student: "a:b" },
    { ...task, options: { ...task.options, seed: 1 } },
  ];
  const ids = others.map(jobId);
  expect(new Set([jobId(task), ...ids]).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^[^:]+$/);
});

it("those who would not grade alike have queues of their own", () => {
  const { assignment } = task;
  const names = [
    queueName(assignment, "cpu"),
    queueName(assignment, "gpu"),
    queueName({ ...assignment, sha256: "cd".repeat(32) }, "cpu"),
  ];
  expect(new Set(names).size).toBe(3);
});

it.each([
  ["redis://user:se@cr/et@host:6379/0", "redis://***@host:6379/0"],
  ["rediss://:pw@host", "rediss://***@host"],
  ["redis://host:6379", "redis://host:6379"],
  ["user:pw@host", "***@host"],
])("of %s no password is shown", (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
