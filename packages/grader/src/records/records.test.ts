import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ProblemResult } from "../results/results.ts";
import { InvalidRecordError, openRecords, type ProblemRecord, RecordWriteError, recordKey } from "./index.ts";

const environment = { node: "v20.19.0", cores: 2 };
const run = {
  ...{
    verdict: "ok" as const,
    detail: "ended by itself",
    exitCode: 0,
    signal: null,
    wallSeconds: 1,
    cpuSeconds: 1,
  },
  ...{ outputBytes: 1, outputFiles: 1, stdout: "", stderr: "\u0000\u001b", stdoutBytes: 0, stderrBytes: 2 },
  ...{ containment: "session" as const, enforcement: { memory: "rlimit" }, leftovers: 0 },
  startedAt: "2026-01-01T00:00:00.000Z",
};

test("what is saved is found again, as it was", async () => {
  const records = openRecords(temporaryFolder());
  const saved = record("alice", { run, column: "svhn", phases: { run: 1.5 }, reasons: ["x"] });
  await records.save(saved);
  const slot = { submission: "alice", problem: "p1", variant: "DCGAN", column: "svhn" };
  expect(await records.find(slot, saved.result.key)).toEqual(saved);
  expect((await records.list()).records).toEqual([saved]);
});

test("only the same slot and the same key are found", async () => {
  const records = openRecords(temporaryFolder());
  const { result } = record("alice");
  await records.save(record("alice"));
  const slot = { submission: "alice", problem: "p1", variant: "DCGAN" };
  expect(await records.find(slot, result.key)).toBeDefined();
  expect(await records.find(slot, recordKey("another"))).toBeUndefined();
  for (const other of [
    { submission: "bob" },
    { problem: "p2" },
    { variant: "WGAN-GP" },
    { column: "svhn" },
  ]) {
    expect(await records.find({ ...slot, ...other }, result.key)).toBeUndefined();
  }
});

test("what a run made is scored by something else: its record is found by the run's key", async () => {
  const records = openRecords(temporaryFolder());
  const slot = { submission: "a", problem: "p1", variant: "DCGAN" };
  const { result } = record("a");
  expect(await records.findRun(slot, result.runKey)).toBeUndefined();
  await records.save(record("a", { key: recordKey("other"), gradedAt: at("02") }));
  await records.save(record("a", { status: "not-gradable", gradedAt: at("03") }));
  expect((await records.findRun(slot, result.runKey))!.result.gradedAt).toBe(at("02"));
  expect(await records.findRun(slot, recordKey("another run"))).toBeUndefined();
  expect(await records.findRun({ ...slot, column: "svhn" }, result.runKey)).toBeUndefined();
});

test("the newest of several is found; nothing is overwritten", async () => {
  const records = openRecords(temporaryFolder());
  for (const day of ["02", "03", "01", "03"]) await records.save(record("a", { gradedAt: at(day) }));
  const { result } = record("a");
  const found = await records.find({ submission: "a", problem: "p1", variant: "DCGAN" }, result.key);
  expect(found!.result.gradedAt).toBe(at("03"));
  const { records: all } = await records.list("a");
  expect(all.map(({ result }) => result.gradedAt)).toEqual(["01", "02", "03", "03"].map(at));
});

test("what could not be graded is not finished", async () => {
  const records = openRecords(temporaryFolder());
  const slot = { submission: "a", problem: "p1", variant: "DCGAN" };
  const { result } = record("a");
  await records.save(record("a", { status: "not-gradable", gradedAt: at("09") }));
  expect(await records.find(slot, result.key)).toBeUndefined();
  await records.save(record("a", { status: "failed" }));
  expect((await records.find(slot, result.key))!.result.status).toBe("failed");
});

describe("names", () => {
  const hostile = [
    "../../etc/passwd",
    "/etc",
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "nul\0",
    "\u001b[2J",
    "é",
    "x".repeat(5000),
    "%2F",
    "a--b",
    ".hidden",
  ];

  test.each(hostile)("%j stays in the folder", async (submission) => {
    const folder = temporaryFolder();
    const records = openRecords(folder);
    const saved = record(submission, { variant: submission, problem: submission });
    const file = await records.save(saved);
    expect(relative(join(folder, "records"), file).split(sep)).toHaveLength(3);
    const slot = { submission, problem: submission, variant: submission };
    expect(await records.find(slot, saved.result.key)).toEqual(saved);
    expect((await records.list(submission)).records).toEqual([saved]);
  });

  test("that escape alike, or differ in case alone, are told apart by what is in the record", async () => {
    const records = openRecords(temporaryFolder());
    const pairs = [
      ["Alice", "alice"],
      ["a--b", "a"],
      [`${"x".repeat(90)}1`, `${"x".repeat(90)}2`],
    ] as const;
    for (const [one, other] of pairs) {
      await records.save(record(one));
      expect((await records.list(other)).records).toEqual([]);
    }
  });

  test("any two names", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), async (one, other) => {
        const folder = mkdtempSync(join(tmpdir(), "touchstone-records-"));
        const records = openRecords(folder);
        await records.save(record(one));
        expect((await records.list(one)).records).toHaveLength(1);
        if (one !== other) expect((await records.list(other)).records).toHaveLength(0);
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 8 },
    );
  });
});

describe("damaged files", () => {
  test("cut off at any byte: reported, and passed over", async () => {
    const folder = temporaryFolder();
    const records = openRecords(folder);
    const whole = record("a");
    await records.save(whole);
    const file = await records.save(record("a", { gradedAt: at("02") }));
    const { length } = readFileSync(file);
    for (const left of [0, 1, Math.floor(length / 2), length - 3]) {
      truncateSync(file, left);
      const { records: sound, broken } = await records.list();
      expect(sound).toEqual([whole]);
      expect(broken).toMatchObject([{ file, problem: expect.any(String) }]);
      const slot = { submission: "a", problem: "p1", variant: "DCGAN" };
      expect(await records.find(slot, whole.result.key)).toEqual(whole);
    }
  });

  test.each([
    ["[]", "wrong"],
    ["null", "wrong"],
    ['{"format": 1}', "wrong format"],
    ["\u0000\u0001", "no JSON"],
  ])("%j", async (content, problem) => {
    const records = openRecords(temporaryFolder());
    const file = await records.save(record("a"));
    writeFileSync(file, content);
    expect((await records.list()).broken).toMatchObject([{ problem: expect.stringContaining(problem) }]);
  });

  test("a folder and temporary files in between", async () => {
    const folder = temporaryFolder();
    const records = openRecords(folder);
    const file = await records.save(record("a"));
    writeFileSync(join(dirname(file), ".touchstone-1-abc"), "{");
    writeFileSync(join(folder, "records", "notes.txt"), "x");
    expect(await records.list()).toMatchObject({ records: [{ submission: "a" }], broken: [] });
  });

  test("no folder yet", async () => {
    expect(await openRecords(join(temporaryFolder(), "none")).list()).toEqual({ records: [], broken: [] });
  });
});

test("a result that could not be read back is not written", async () => {
  const folder = temporaryFolder();
  const save = (result: Partial<ProblemResult>) => openRecords(folder).save(record("a", result));
  await expect(save({ phases: { run: Number.NaN } })).rejects.toThrow(InvalidRecordError);
  await expect(save({ gradedAt: "yesterday" })).rejects.toThrow(InvalidRecordError);
  expect(readdirSync(folder)).toEqual([]);
});

test("a folder that cannot be written to is our fault", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "records"), "a file");
  const error = await openRecords(folder)
    .save(record("a"))
    .catch((error) => error);
  expect(error).toBeInstanceOf(RecordWriteError);
  expect(error).toMatchObject({ exitCode: 4, message: expect.stringContaining("ENOTDIR") });
});

describe("several graders", () => {
  test("at once: every record is there, whole", async () => {
    const folder = temporaryFolder();
    const writers = ["a", "b"].map((name) => writer(folder, name, 40));
    await Promise.all(writers.map((child) => once(child, "exit")));
    const { records, broken } = await openRecords(folder).list();
    expect(broken).toEqual([]);
    expect(records).toHaveLength(80);
  });

  test("killed at any moment: what was saved is whole, and saving goes on", async () => {
    const folder = temporaryFolder();
    for (const delay of [0, 5]) {
      const child = writer(folder, "a", 1_000_000);
      const [saved] = (await once(child, "message")) as [number];
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill("SIGKILL");
      await once(child, "exit");
      const { records, broken } = await openRecords(folder).list();
      expect(broken).toEqual([]);
      expect(records.length).toBeGreaterThanOrEqual(saved);
    }
    await openRecords(folder).save(record("b"));
  });
});

test("a key depends on the parts, and not on their order", () => {
  // printf '{"a":[1,"x",null],"b":true}' | sha256sum
  const expected = "4d7b28d08614fa6b95c30756c0ebb1630591378c477e0943d35ac08f97b604a3";
  expect(recordKey({ b: true, a: [1, "x", null] })).toBe(expected);
  expect(recordKey({ a: [1, "x", null], b: true, c: undefined })).toBe(expected);
  expect(recordKey({ a: ["x", 1, null], b: true })).not.toBe(expected);
  expect(() => recordKey({ a: Number.NaN })).toThrow(InvalidRecordError);
});

function writer(folder: string, name: string, count: number): ChildProcess {
  const script = fileURLToPath(new URL("../../test/save-records.ts", import.meta.url));
  const child = fork(script, [folder, name, String(count)], { execArgv: ["--import", "tsx"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function record(submission: string, result: Partial<ProblemResult> = {}): ProblemRecord {
  return {
    submission,
    environment,
    result: {
      ...{ problem: "p1", title: "Faces", variant: "DCGAN", status: "graded", reasons: [] },
      ...{ findings: [], metrics: [], points: [], phases: {}, gradedAt: at("01") },
      ...{ runKey: recordKey("run"), key: recordKey("parts") },
      ...result,
    },
  };
}

function at(day: string): string {
  return `2026-01-${day}T12:00:00.000Z`;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-records-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
