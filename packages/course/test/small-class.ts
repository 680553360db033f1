/** For tests: a small assignment, students, results that nothing had to run for, and a queue that only says so. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type Assignment,
  type Job,
  jobsOf,
  type Metric,
  openRecords,
  type ProblemResult,
  parseAssignment,
  recordKey,
} from "@touchstone/grader";
import type { GradingTask, TaskEvent, TaskQueue } from "@touchstone/queue";
import { onTestFinished } from "vitest";
import type { StudentGrading } from "../src/grading/class-grading.ts";
import { gradeStudent } from "../src/grading/grade-student.ts";
import { decisionOf } from "../src/policy/decision.ts";
import { NO_POLICY, type Policy } from "../src/policy/policy.ts";
import type { Student } from "../src/roster/student.ts";

export const YAML = `id: hw
title: Homework
late: { freeDays: 1, perDay: 10 % }
penalties: { codeFix: { label: the code needed a fix, share: 50 % } }
problems:
  - id: p1
    title: Labels
    command: bash p1.sh {csv}
    output: { kind: csv }
    images: ./images
    labels: ./labels.csv
    metrics: [{ kind: label-accuracy }]
    rubric: [{ label: accuracy, points: 10, earned: 10 * accuracy }]
  - id: p3
    title: Two targets
    command: bash p3.sh {column} {csv}
    output: { kind: csv }
    images: ./images
    labels: ./labels.csv
    metrics: [{ kind: label-accuracy }]
    rubric: [{ points: 3, earned: accuracy >= 0.5 }]
    columns: [{ name: svhn }, { name: usps }]
`;

export const assignment: Assignment = parseAssignment(YAML, "hw.yaml");
export const jobs: Job[] = jobsOf(assignment, { submission: true });

export const student = (id: string, more: Partial<Student> = {}): Student => ({
  ...{ id, lastName: "Lovelace", firstName: "Ada", email: `${id}@x.org`, extra: {}, line: 2 },
  ...more,
});

const accuracy = (value: number): Metric => ({
  ...{ name: "accuracy", label: "accuracy", value, n: 100, better: "higher", unit: "share", protocol: {} },
});

/** What a run of this job with this accuracy gave. */
export function result(job: Job, value: number, more: Partial<ProblemResult> = {}): ProblemResult {
  const { problem, variant, column } = job;
  return {
    ...{ problem: problem.id, title: problem.title, variant, status: "graded", reasons: [] },
    ...(column.name !== undefined && { column: column.name }),
    ...{ findings: [], metrics: [accuracy(value)], points: [], phases: {} },
    runKey: recordKey([problem.id, column.name ?? ""]),
    key: recordKey([problem.id, column.name ?? "", value]),
    gradedAt: "2026-11-24T12:00:00.000Z",
    ...more,
  };
}

export const resultsOf = (value: number, more: Partial<ProblemResult> = {}): ProblemResult[] =>
  jobs.map((job) => result(job, value, more));

export function graded(
  who: Student,
  results: readonly ProblemResult[],
  { policy = NO_POLICY, isSubmitted = true }: { policy?: Policy; isSubmitted?: boolean } = {},
): StudentGrading {
  const decision = decisionOf(who, policy);
  return gradeStudent(assignment, jobs, { student: who, decision, results, isSubmitted, environment: {} });
}

export function classOf(students: readonly StudentGrading[]) {
  const { id, title, sha256 } = assignment;
  const problems = [
    { id: "p1", title: "Labels", possible: 10 },
    { id: "p3", title: "Two targets", possible: 6 },
  ];
  return { assignment: { id, title, sha256 }, problems, students: [...students] };
}

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "touchstone-course-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Files by path in a folder that vanishes with the test. */
export function folderOf(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export const saveResults = async (results: string, id: string, all: readonly ProblemResult[]) => {
  for (const one of all) await openRecords(results).save({ submission: id, environment: {}, result: one });
};

/** Records what `answer` gives for each task, as a queue's processes do. */
export function fakeQueue(
  answer: (task: GradingTask) => ProblemResult[],
  told: GradingTask[] = [],
): TaskQueue {
  return {
    async *run(tasks, { signal } = {}): AsyncGenerator<TaskEvent> {
      for (const task of tasks) {
        signal?.throwIfAborted();
        told.push(task);
        const { student } = task;
        yield { kind: "running", student, tries: 1, worker: "here:1" };
        const results = answer(task);
        await saveResults(
          task.results,
          student,
          results.filter(({ status }) => status !== "not-gradable"),
        );
        yield { kind: "done", student, results };
      }
    },
    close: async () => {},
  };
}
