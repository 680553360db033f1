import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { classOf, graded, jobs, result, resultsOf, student } from "../../test/small-class.ts";
import { redactor } from "../feedback/redact.ts";
import type { ClassGrading } from "../grading/class-grading.ts";
import type { LeaderboardSettings } from "../policy/leaderboard-settings.ts";
import { bestResults } from "./best-results.ts";
import { EXPORTS, type ExportInput } from "./export.ts";
import { defaultLeaderboard, standings } from "./leaderboard.ts";

const policy = {
  students: { late: { daysLate: 3 }, sick: { excused: true as const }, part: { excused: ["p3"] } },
};
const lost = { status: "not-gradable" as const, reasons: ["The disk is full."], metrics: [] };
const small = classOf([
  graded(student("ada"), resultsOf(0.8)),
  graded(student("late"), resultsOf(0.8), { policy }),
  graded(student("gone"), [], { isSubmitted: false }),
  graded(student("sick"), [], { policy }),
  graded(student("part"), resultsOf(0.8), { policy }),
  graded(student("open"), resultsOf(0.8, lost)),
]);

function inputOf(grading: ClassGrading): ExportInput {
  const redacted = redactor({
    students: grading.students.map(({ student }) => student),
    folders: [],
    results: "/results",
  });
  return {
    grading,
    deadline: "2026-11-20",
    leaderboard: { settings: defaultLeaderboard(grading), students: grading.students },
    forStudent: ({ student, grading }) => redacted(student.id, grading),
  };
}

function written(format: string, grading: ClassGrading = small, path = "x.csv"): string {
  const one = EXPORTS[format]!;
  if (one.kind === "file") return one.render(inputOf(grading), path);
  return [...one.files(inputOf(grading))].map(({ path, text }) => `${path}\n${text}`).join("");
}

const rowsOf = (format: string, grading?: ClassGrading) =>
  parse(written(format, grading), { columns: true }) as Record<string, string>[];

describe("gradebook", () => {
  it("has nbgrader's columns, in its order", () => {
    expect(written("gradebook").split("\r\n")[0]).toBe(
      "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score",
    );
  });

  it("scores are what is left: 14 of 16, less 20 % for two days that are not free", () => {
    const scores = rowsOf("gradebook").map((row) => [
      row.student_id,
      row.raw_score,
      row.late_submission_penalty,
      row.score,
      row.max_score,
    ]);
    expect(scores).toEqual([
      ["ada", "14", "0", "14", "16"],
      ["late", "14", "2.8", "11.2", "16"],
      ["gone", "0", "0", "0", "16"],
      ["sick", "", "", "", "16"],
      ["part", "8", "0", "8", "10"],
      ["open", "", "", "", "16"],
    ]);
  });
});

it("Canvas: its columns and its row of maxima; excused is EX, what is open stays empty, a part counts as the whole", () => {
  const [header, possible, ...rows] = parse(written("canvas")) as string[][];
  expect(header).toEqual(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework"]);
  expect(possible).toEqual(["Points Possible", "", "", "", "", "16"]);
  expect(rows.map((row) => [row[2], row[5]])).toEqual([
    ...[
      ["ada", "14"],
      ["late", "11.2"],
      ["gone", "0"],
      ["sick", "EX"],
      ["part", "12.8"],
      ["open", ""],
    ],
  ]);
});

it("Canvas: identity comes from the class list where it has it", () => {
  const who = student("ada", { extra: { ID: "17", "SIS Login ID": "al", Section: "A" } });
  expect(written("canvas", classOf([graded(who, resultsOf(1))]))).toContain('"Lovelace, Ada",17,ada,al,A,16');
});

it("Moodle: an id, an address, the grade and why", () => {
  expect(rowsOf("moodle")[1]).toEqual({
    ...{ "ID number": "late", "Email address": "late@x.org", "First name": "Ada", "Last name": "Lovelace" },
    ...{ Homework: "11.2", Feedback: "graded; 2.8 off: 3 days late, 1 of them free" },
  });
});

it("PrairieLearn: a share of 1, and not gradable where nothing is decided", () => {
  const [ada, open] = ["ada", "open"].map((id) =>
    JSON.parse(
      written("prairielearn")
        .split(`${id}/results.json\n`)[1]!
        .split(/^\w+\/results.json$/m)[0]!,
    ),
  );
  expect(ada).toMatchObject({ gradable: true, score: 14 / 16 });
  expect(ada.tests[0]).toEqual({
    name: "p1, submission: accuracy",
    points: 8,
    max_points: 10,
    message: "10 * accuracy: accuracy = 0.8",
  });
  expect(open).toMatchObject({
    gradable: false,
    format_errors: expect.arrayContaining(["p1: not gradable: The disk is full."]),
  });
});

it("folders have a file for each student but those who are excused", () => {
  const files = EXPORTS.gradescope!.kind === "folder" ? [...EXPORTS.gradescope!.files(inputOf(small))] : [];
  expect(files.map(({ path }) => path)).toEqual(
    ["ada", "late", "gone", "part", "open"].map((id) => `${id}/results.json`),
  );
  expect(JSON.parse(files[1]!.text)).toMatchObject({ score: 11.2 });
});

describe("leaderboard", () => {
  const column = (key: string, index: number, more = {}) => ({
    ...{ title: key, key, index, sorting: "desc" as const, precision: 2, hidden: false },
    ...more,
  });
  const board = (columns: LeaderboardSettings["columns"]): LeaderboardSettings => ({
    title: "Best",
    submission_rule: "Force_Last",
    columns,
  });
  const accuracies = (p1: number, p3: number, usps = p3) =>
    jobs.map((job, i) => result(job, [p1, p3, usps][i]!));
  const students = [
    graded(student("a"), accuracies(0.501, 0.6)),
    graded(student("b"), accuracies(0.504, 0.7)),
    graded(student("c"), accuracies(0.9, 0.1)),
    graded(student("d"), accuracies(0.502, 0.6)),
    graded(student("gone"), [], { isSubmitted: false }),
  ];
  const ranks = (settings: LeaderboardSettings) =>
    standings(students, settings).map(({ rank, id }) => `${rank} ${id}`);

  it("ranks by the column at index 0 as it is shown, then from left to right; equals share a rank", () => {
    const settings = board([column("p3.svhn.accuracy", 1), column("p1.accuracy", 0)]);
    expect(ranks(settings)).toEqual(["1 c", "2 b", "3 a", "3 d"]);
    const finer = board([column("p1.accuracy", 0, { precision: 3 })]);
    expect(ranks(finer)).toEqual(["1 c", "2 b", "3 d", "4 a"]);
    expect(ranks(board([column("p1.accuracy", 0, { sorting: "asc" })]))[3]).toBe("4 c");
  });

  it("computed columns, hidden ones, and decimals", () => {
    const settings = board([
      column("best", 0, { computation: "max", computation_indexes: [1, 2] }),
      column("p1.accuracy", 1, { hidden: true }),
      column("p3.usps.accuracy", 2, { precision: 1 }),
    ]);
    const input = { ...inputOf(classOf(students)), leaderboard: { settings, students } };
    const file = EXPORTS.leaderboard!;
    expect(file.kind === "file" && file.render(input, "x.csv").split("\r\n").slice(0, 3)).toEqual([
      ...["rank,student_id,best,p3.usps.accuracy", "1,c,0.9,0.1", "2,b,0.7,0.7"],
    ]);
    expect(file.kind === "file" && file.render(input, "x.md")).toContain("| 1 | c | 0.90 | 0.1 |");
  });

  it("Force_Best takes the best of each problem, of equals the later one", () => {
    const [p1, svhn] = jobs as [(typeof jobs)[number], (typeof jobs)[number]];
    const all = [result(p1, 0.9), result(p1, 0.4), result(svhn, 0.3), result(svhn, 0.3, { key: "later" })];
    const settings = board([column("p1.accuracy", 0), column("p3.svhn.accuracy", 1)]);
    expect(
      bestResults(all, settings).map(({ metrics, key }) => [metrics[0]!.value, key === "later"]),
    ).toEqual([
      [0.9, false],
      [0.3, true],
    ]);
  });
});

describe("hostile names", () => {
  const evil = [
    '=cmd|"/c calc"!A1',
    "@SUM(1)",
    "-1+2",
    "\t=1",
    '"><script>alert(1)</script>',
    "a\u001b[2Jb\r\n::error::x",
    "\u202egnp",
    "|a|*b*[c](d)",
  ];
  const hostile = classOf(
    evil.map((name, i) =>
      graded(student(`s${i}`, { lastName: name, firstName: name, email: name }), resultsOf(1)),
    ),
  );

  it.each(Object.keys(EXPORTS))("%s: nothing steers a terminal, a spreadsheet or a page", (format) => {
    const text = written(format, hostile);
    expect(text.replaceAll(/\r?\n/g, "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text).not.toMatch(/^\s*::|##\[/m);
    if (format === "markdown") expect(text).not.toContain("<script");
  });

  it.each(["gradebook", "moodle", "canvas", "csv", "leaderboard"])("%s: no cell is a formula", (format) => {
    for (const row of parse(written(format, hostile)) as string[][]) {
      for (const cell of row) expect(cell).not.toMatch(/^\s*[=+@]|^\s*-(?!\d+(\.\d+)?$)/);
    }
  });
});

describe("a thousand students", () => {
  const many = classOf(
    Array.from({ length: 1000 }, (_, i) => graded(student(`s${i}`), resultsOf((i % 100) / 100))),
  );

  it.each(Object.keys(EXPORTS))("%s: the same bytes twice", (format) => {
    const text = written(format, many);
    expect(text).toContain("s999");
    expect(written(format, many)).toBe(text);
  });
});

it("an empty class is a table without rows", () => {
  expect(written("csv", classOf([])).split("\r\n")).toHaveLength(2);
  expect(written("terminal", classOf([]))).toContain("Homework: 0 students, 16 points");
});
