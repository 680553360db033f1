/** What must be so when a class is graded, however that went. */

import { execFileSync } from "node:child_process";
import { openRecords, type ProblemResult } from "@touchstone/grader";
import { MARK } from "./students.ts";

export type Done = ReadonlyMap<string, readonly ProblemResult[]>;

/** The table of results as text: all but what differs from one run to the next, such as times. */
export function canonical(done: Done): string {
  const rows = [...done].flatMap(([student, results]) =>
    results.map(({ problem, status, metrics, points, findings }) => {
      const values = metrics.map(({ name, value }) => `${name}=${value}`);
      const earned = points.map((line) => (line.undecided ? "open" : `${line.earned}/${line.possible}`));
      const codes = findings.map(({ code, total }) => `${code}:${total}`);
      return [student, problem, status, ...values, ...earned, ...codes].join(" ");
    }),
  );
  return `${rows.sort().join("\n")}\n`;
}

/** Results that are kept more than once, and those that are not kept although they are finished. */
export async function wrongRecords(results: string, done: Done): Promise<string[]> {
  const { records, broken } = await openRecords(results).list();
  const counts = new Map<string, number>();
  for (const { submission, result } of records) {
    const slot = `${submission} ${result.problem}`;
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  const wrong = broken.map(({ file, problem }) => `${file}: ${problem}`);
  for (const [student, all] of done) {
    for (const { problem, status } of all) {
      const slot = `${student} ${problem}`;
      const expected = status === "not-gradable" ? 0 : 1;
      const found = counts.get(slot) ?? 0;
      if (found !== expected) wrong.push(`${slot}: ${found} records, expected ${expected}`);
    }
  }
  return wrong;
}

/** Timed runs during which another run of ours went on, by what the records say of when each began and how long it took. */
export async function overlaps(results: string): Promise<string[]> {
  const { records } = await openRecords(results).list();
  const runs = records.flatMap(({ submission, result: { problem, run } }) => {
    if (!run) return [];
    const start = Date.parse(run.startedAt);
    return [{ name: `${submission} ${problem}`, start, end: start + run.wallSeconds * 1000, run }];
  });
  const timed = runs.filter(({ run }) => run.alone);
  return timed.flatMap((one) =>
    runs
      .filter((other) => other !== one && other.start < one.end && one.start < other.end)
      .map((other) => `${one.name} and ${other.name}`),
  );
}

/** Processes that submissions have started and that are still there. */
export function leftProcesses(): string[] {
  const all = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
  return all.filter((line) => new RegExp(`sleep \\d+${MARK.slice(1).replace(".", "\\.")}`).test(line));
}
