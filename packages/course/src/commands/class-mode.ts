/** `pnpm grade all --roster class.csv --submissions DIR`: a whole class. */

import { resolve } from "node:path";
import { type Command, follow, interruptible, printable, progressRenderer, table } from "@touchstone/cli";
import {
  ALL,
  type Assignment,
  type GradeMode,
  gradingExitCode,
  type Job,
  jobsOf,
  type ProblemResult,
  readAssignment,
  terminalTable,
} from "@touchstone/grader";
import { contextOf, localQueue, redisQueue, type TaskQueue, workerCommand } from "@touchstone/queue";
import { type ExportInput, renderClassJson } from "../exports/export.ts";
import { parseExport, writeExport } from "../exports/write-exports.ts";
import { writePages } from "../feedback/pages.ts";
import { type ClassFile, foundAfter, type Member, writeClassFile } from "../grading/class-file.ts";
import { type ClassGrading, isPlaceholder } from "../grading/class-grading.ts";
import { collectClass } from "../grading/collect.ts";
import { boardRenderer } from "../live/board-renderer.ts";
import { type Foreseen, foresee } from "../plan/foresee.ts";
import { type Errand, type Plan, planClass, tasksOf } from "../plan/plan.ts";
import { NO_POLICY, type Policy } from "../policy/policy.ts";
import { fullName, type Student } from "../roster/student.ts";
import { findSubmissions } from "../submissions/find-submissions.ts";
import { classTable } from "../tables/class-table.ts";
import { type ClassFlags, chosenOf, isClass, withClassOptions } from "./class-flags.ts";
import { diffCommand } from "./diff.ts";
import { explainCommand } from "./explain.ts";
import { exportCommand } from "./export.ts";
import {
  collectInput,
  exportInput,
  foldersOf,
  lastGrading,
  membersOf,
  readPolicyFor,
  readStudents,
} from "./options.ts";
import { reportStudent } from "./report-student.ts";
import { runQueue } from "./run-queue.ts";
import { commonOf, taskOptions } from "./task-options.ts";

export interface ClassModeOptions {
  /** Another queue, for tests. */
  queueOf?(flags: Pick<ClassFlags, "jobs" | "redis" | "root">): TaskQueue;
}

export function classMode({ queueOf = queueOfFlags }: ClassModeOptions = {}): GradeMode {
  return {
    extend: (command: Command) =>
      withClassOptions(command)
        .addCommand(explainCommand())
        .addCommand(diffCommand())
        .addCommand(exportCommand())
        .addCommand(workerCommand()),
    isMeant: isClass,
    run: (problems, flags) => gradeClass(problems, flags as ClassFlags, queueOf),
    recorded: reportStudent,
  };
}

function queueOfFlags({ jobs, redis, root }: Pick<ClassFlags, "jobs" | "redis" | "root">): TaskQueue {
  if (redis === undefined) return localQueue({ jobs: jobs ?? 1 });
  return redisQueue({ url: redis, ...(root !== undefined && { root }) });
}

async function gradeClass(
  problems: readonly string[],
  flags: ClassFlags,
  queueOf: NonNullable<ClassModeOptions["queueOf"]>,
): Promise<void> {
  const wanted = (flags.report ?? []).map(parseExport);
  const assignment = await readAssignment(flags.assignment);
  const jobs = jobsOf(assignment, { problems, submission: true });
  const results = resolve(flags.results);
  const students = await readStudents(assignment, flags.roster);
  const last = await lastOf(assignment, results, flags.policy);
  const policy =
    flags.policy === undefined
      ? (last?.policy ?? NO_POLICY)
      : await readPolicyFor(assignment, students, flags.policy);
  if (flags.policy === undefined) process.stderr.write(keptText(policy));
  const ids = students.map(({ id }) => id);
  const found = await findSubmissions(flags.submissions, ids, flags.match);
  const plan = planClass(membersOf(students, policy, last), found, jobs, chosenOf(flags.student, ids));
  process.stderr.write(planText(plan));

  const now = new Date();
  const common = commonOf(assignment, results, taskOptions(flags, now));
  const prospects = foresee(assignment, plan.graded, jobs, contextOf(common));
  if (flags.dryRun) return printForeseen(prospects, flags.changed === true);
  const graded = flags.changed ? await changedOf(prospects) : plan.graded;

  const fresh = new Map<string, readonly ProblemResult[]>();
  const members = (): Member[] =>
    plan.members.map((member) => {
      const own = fresh.get(member.student.id) ?? [];
      return { ...member, found: foundAfter(member.found, own, now.toISOString()) };
    });
  const writeClass = () =>
    writeClassFile(results, {
      assignment: assignment.id,
      problems: problems.includes(ALL) ? [ALL] : problems,
      students: members().map(({ decision: _, ...listed }) => listed),
      policy,
    });
  await writeClass();
  await interruptible(async (signal) => {
    const nameOf = namesOf(students);
    const board = boardRenderer({ ids: graded.map(({ id }) => id), nameOf, output: process.stderr });
    const queue = queueOf(flags);
    try {
      if (graded.length > 0)
        await runQueue(queue, tasksOf(graded, common), fresh, {
          board,
          signal,
        });
    } catch (error) {
      if (signal.aborted)
        process.stderr.write("What was graded is recorded; the same command goes on with the rest.\n");
      throw error;
    } finally {
      await queue.close();
      await writeClass(); // The records alone do not say what was found.
    }
  });

  const input = collectInput(members(), results);
  const grading = await collectClass(assignment, jobs, input);
  const folders = foldersOf(assignment, flags, results);
  const exported = await exportInput({ assignment, jobs, policy, input }, grading, folders);
  try {
    for (const one of wanted) await writeExport(one, exported);
    if (flags.page) await pages(grading, jobs, assignment, flags, results, exported);
  } finally {
    const colour = process.stdout.isTTY === true;
    process.stdout.write(
      flags.json ? renderClassJson(grading) : `${terminalTable(classTable(grading), { colour })}\n`,
    );
  }
  process.exitCode = classExitCode(grading, new Set(graded.map(({ id }) => id)));
}

/** Another assignment's is no hindrance where it is said what holds. @throws CourseFileError */
async function lastOf(
  assignment: Assignment,
  results: string,
  given: ClassFlags["policy"],
): Promise<ClassFile | undefined> {
  const hint = "name another folder with --results, or say what holds here with --policy or --no-policy";
  try {
    return await lastGrading(results, assignment, hint);
  } catch (error) {
    if (given === undefined) throw error;
    return undefined;
  }
}

/** Nothing where nothing was decided. */
function keptText({ students, ...others }: Policy): string {
  const count = Object.keys(students).length;
  if (count === 0 && Object.keys(others).length === 0) return "";
  const about = `decisions about ${count} of the students`;
  return `The last grading's policy holds (${about}): --policy names another, --no-policy drops it\n`;
}

const namesOf = (students: readonly Student[]) => {
  const names = new Map(students.map((student) => [student.id, fullName(student)]));
  return (id: string) => names.get(id) ?? "";
};

async function pages(
  { students }: ClassGrading,
  jobs: readonly Job[],
  { file }: Assignment,
  { data }: ClassFlags,
  results: string,
  { forStudent }: ExportInput,
): Promise<void> {
  const count = await interruptible((signal) => {
    const options = {
      results,
      assignment: resolve(file, ".."),
      ...(data !== undefined && { data }),
      signal,
      forStudent,
    };
    return follow(writePages(students, jobs, options), progressRenderer(process.stderr));
  });
  process.stderr.write(`Pages of ${count} students: ${resolve(results, "reports")}\n`);
}

/** As of one grading; who was not graded now does not count. A missing submission is no fault of the grading. */
export function classExitCode({ students }: ClassGrading, graded: ReadonlySet<string>): number {
  const results = students
    .filter(({ student }) => graded.has(student.id))
    .flatMap(({ grading }) => grading.results)
    .filter((result) => !isPlaceholder(result));
  return gradingExitCode({ results });
}

async function changedOf(prospects: AsyncIterable<Foreseen>): Promise<Errand[]> {
  const changed: Errand[] = [];
  for await (const { prospects: own, ...errand } of prospects) {
    if (own.some(({ prospect }) => prospect !== "reused")) changed.push(errand);
  }
  return changed;
}

async function printForeseen(prospects: AsyncIterable<Foreseen>, onlyChanged: boolean): Promise<void> {
  const rows: { id: string; folder: string; job: string; prospect: string }[] = [];
  for await (const { id, folder, prospects: own } of prospects) {
    if (onlyChanged && own.every(({ prospect }) => prospect === "reused")) continue;
    rows.push(...own.map((one) => ({ id, folder, ...one })));
  }
  const columns = [
    { title: "student", cell: ({ id }: (typeof rows)[number]) => id },
    { title: "problem", cell: ({ job }: (typeof rows)[number]) => job, align: "left" as const },
    { title: "result", cell: ({ prospect }: (typeof rows)[number]) => prospect, align: "left" as const },
    { title: "folder", cell: ({ folder }: (typeof rows)[number]) => folder, align: "left" as const },
  ];
  process.stdout.write(`${table(columns, rows)}\n`);
}

const SHOWN = 20;

/** Said before anything runs. */
export function planText({ members, graded, missing, unknown }: Plan): string {
  const some = (names: readonly string[]) =>
    names.slice(0, SHOWN).map(printable).join(", ") +
    (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "");
  return [
    `${members.length} students on the list, ${graded.length} to be graded`,
    ...(missing.length > 0 ? [`no submission of ${missing.length}: ${some(missing)}`] : []),
    ...(unknown.length > 0 ? [`folders of nobody on the list, ${unknown.length}: ${some(unknown)}`] : []),
  ]
    .map((line) => `${line}\n`)
    .join("");
}
