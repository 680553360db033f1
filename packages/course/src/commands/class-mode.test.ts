import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "@touchstone/cli";
import { gradeCommand, type ProblemResult } from "@touchstone/grader";
import type { GradingTask } from "@touchstone/queue";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeQueue, folderOf, jobs, result, saveResults, YAML } from "../../test/small-class.ts";
import { classMode } from "./class-mode.ts";

const ROSTER = `student_id,last_name,first_name,email
b09901001,Lovelace,Ada,ada@x.org
b09901002,Byte,Bob,bob@x.org
b09901003,Gone,Gina,gina@x.org
`;

let folder: string;
let told: GradingTask[];
beforeEach(() => {
  told = [];
  folder = folderOf({
    "hw.yaml": YAML,
    "class.csv": ROSTER,
    "empty.csv": "student_id,last_name,first_name,email\n",
    "policy.yaml":
      "students: { b09901001: { daysLate: 2, overrides: [{ problem: p1, points: 9, reason: seen by hand }] } }",
    "students/b09901001/p1.sh": "",
    "students/b09901002/p1.sh": "",
    "students/stranger/p1.sh": "",
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

type Answer = (task: GradingTask) => ProblemResult[];
const all =
  (value: number, more: Partial<ProblemResult> = {}): Answer =>
  () =>
    jobs.map((job) => result(job, value, more));

async function grade(args: string[], answer: Answer = all(0.8)) {
  const texts = [process.stdout, process.stderr].map((stream) => {
    const write = vi.spyOn(stream, "write").mockReturnValue(true);
    return () => write.mock.calls.map(([text]) => text).join("");
  });
  process.exitCode = undefined;
  const command = gradeCommand([classMode({ queueOf: () => fakeQueue(answer, told) })]);
  const code = await runProgram(command, args);
  const [stdout, stderr] = texts.map((text) => text()) as [string, string];
  vi.restoreAllMocks();
  return { code, stdout, stderr };
}

const at = (name: string) => join(folder, name);
const places = () => ["--assignment", at("hw.yaml"), "--results", at("results")];
const class_ = (...more: string[]) => [
  "all",
  ...places(),
  "--roster",
  at("class.csv"),
  "--submissions",
  at("students"),
  ...more,
];

it("grades everyone who is there, says who is not, and makes the tables", async () => {
  const { code, stdout, stderr } = await grade(
    class_("--no-page", "--report", `gradebook=${at("g.csv")}`, "--policy", at("policy.yaml")),
  );
  expect(code).toBe(0);
  expect(told.map(({ student, problems }) => [student, ...problems])).toEqual([
    ["b09901001", "p1", "p3"],
    ["b09901002", "p1", "p3"],
  ]);
  expect(stderr).toContain("no submission of 1: b09901003\nfolders of nobody on the list, 1: stranger\n");
  expect(stdout).toMatch(/b09901001 \[1\] +Ada Lovelace +9 \/ 10 +6 \/ 6 +1.5 +13.5 \/ 16 +graded\n/);
  expect(stdout).toMatch(/b09901003 +Gina Gone +0 \/ 10 .* missing\n/);
  expect(readFileSync(at("g.csv"), "utf8")).toMatch(/b09901001,Lovelace,Ada,ada@x.org,15,1.5,13.5,16/);
});

it("the table is the same to the byte, from a grading and from records; a policy needs no new grading", async () => {
  const first = await grade(class_("--no-page", "--policy", at("policy.yaml")));
  const again = await grade(class_("--no-page", "--policy", at("policy.yaml")));
  expect(again.stdout).toBe(first.stdout);
  told = [];
  expect((await grade(["export", ...places()])).stdout).toBe(first.stdout);
  const without = await grade([
    "export",
    ...places(),
    "--roster",
    at("class.csv"),
    "--policy",
    at("policy.yaml"),
  ]);
  expect(without.stdout).toBe(first.stdout);
  expect(told).toEqual([]);
});

it("what was decided holds until another policy is named, or it is dropped", async () => {
  const first = await grade(class_("--no-page", "--policy", at("policy.yaml")));
  expect(first.stderr).not.toContain("policy holds");
  const again = await grade(class_("--no-page"));
  expect(again.stderr).toContain(
    "The last grading's policy holds (decisions about 1 of the students): --policy names another, --no-policy drops it",
  );
  expect(again.stdout).toBe(first.stdout);
  expect((await grade(["export", ...places()])).stdout).toBe(first.stdout);
  const dropped = await grade(class_("--no-page", "--no-policy"));
  expect(dropped.stdout).toMatch(/b09901001 +Ada Lovelace +8 \/ 10 +6 \/ 6 +14 \/ 16 +graded\n/);
  expect((await grade(["export", ...places()])).stdout).toBe(dropped.stdout);
  expect((await grade(class_("--no-page"))).stderr).not.toContain("policy holds");
});

it("an export goes by the days late and excuses of the list that it is given; the policy's word counts before them", async () => {
  await grade(class_("--no-page", "--policy", at("policy.yaml")));
  const header = "student_id,last_name,first_name,email,days_late,excused\n";
  const rows = ["b09901001,Lovelace,Ada,,9,", "b09901002,Byte,Bob,,3,p3", "b09901003,Gone,Gina,,,yes"];
  writeFileSync(at("changed.csv"), `${header}${rows.join("\n")}\n`);
  const { stdout } = await grade(["export", ...places(), "--roster", at("changed.csv")]);
  // Two of Bob's three days are not free: 20 % of 8.
  expect(stdout).toMatch(/b09901001 .* 9 \/ 10 +6 \/ 6 +1.5 +13.5 \/ 16 +graded/);
  expect(stdout).toMatch(/b09901002 .* 8 \/ 10 +excused +1.6 +6.4 \/ 10 +graded/);
  expect(stdout).toMatch(/b09901003 .* excused +excused +- +- +excused/);
});

it("what was decided of another assignment is not lost by the way", async () => {
  await grade(class_("--no-page", "--policy", at("policy.yaml")));
  writeFileSync(at("hw.yaml"), YAML.replace("id: hw", "id: other"));
  expect(await grade(class_("--no-page"))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/expected gradings of other, found those of hw; name another folder/),
  });
  expect((await grade(class_("--no-page", "--no-policy"))).code).toBe(0);
});

it("one student's end touches nobody else, and decides the exit code", async () => {
  const crash: Answer = ({ student }) =>
    all(
      0.8,
      student === "b09901001" ? { status: "failed", reasons: ["It crashed."], metrics: [] } : {},
    )({} as GradingTask);
  const failed = await grade(class_("--no-page"), crash);
  expect(failed.code).toBe(3);
  expect(failed.stdout).toMatch(/b09901002 .* 14 \/ 16 +graded/);
  const lost = await grade(
    class_("--no-page"),
    all(0, { status: "not-gradable", reasons: ["no disk"], metrics: [] }),
  );
  expect(lost.code).toBe(4);
  expect(lost.stdout).toMatch(/b09901002 .* 0 \/ 0, 16 open +not gradable/);
});

const BEFORE = { gradedAt: "2020-01-01T12:00:00.000Z" };
const LATER = { gradedAt: "2999-01-01T12:00:00.000Z" };

it("what could not be graded last is open in every table, whatever was graded before", async () => {
  await grade(class_("--no-page"), all(0.8, BEFORE));
  const lost = all(0, { status: "not-gradable", reasons: ["no disk"], metrics: [] });
  const resubmitted = await grade(class_("--no-page", "--student", "b09901001"), lost);
  expect(resubmitted.stdout).toMatch(/b09901001 .* 0 \/ 0, 16 open +not gradable/);
  expect((await grade(["export", ...places()])).stdout).toBe(resubmitted.stdout);
  expect((await grade(["explain", "b09901001", ...places()])).stdout).toContain("because: no disk");
  // Others are graded, and it stays; then it is graded by itself.
  await grade(class_("--no-page", "--student", "b09901002"), all(0.8, BEFORE));
  expect((await grade(["export", ...places()])).stdout).toBe(resubmitted.stdout);
  await saveResults(
    at("results"),
    "b09901001",
    jobs.map((job) => result(job, 1, LATER)),
  );
  expect((await grade(["export", ...places()])).stdout).toMatch(/b09901001 .* 16 \/ 16 +graded/);
});

it("an earlier submission that is handed in again counts, though another one was graded in between", async () => {
  const first = await grade(class_("--no-page"), all(0.8, BEFORE));
  await grade(class_("--no-page"), all(0.2, { gradedAt: "2020-01-02T12:00:00.000Z" }));
  const again = await grade(class_("--no-page"), all(0.8, BEFORE));
  expect(again.stdout).toBe(first.stdout);
  expect((await grade(["export", ...places()])).stdout).toBe(first.stdout);
});

it("--student grades one, and the table has everyone", async () => {
  const { stdout } = await grade(class_("--no-page", "--student", "b09901002"));
  expect(told.map(({ student }) => student)).toEqual(["b09901002"]);
  expect(stdout).toMatch(/b09901001 .* not graded\n/);
});

it("a student's page and grading show nobody else", async () => {
  const leak: Answer = ({ student }) => {
    const run = {
      ...{
        verdict: "ok",
        detail: "Ended.",
        exitCode: 0,
        signal: null,
        wallSeconds: 1,
        cpuSeconds: 1,
        outputBytes: 1,
        outputFiles: 1,
      },
      ...{
        stdout: `${student} saw b09901001 Ada Lovelace, b09901002 Bob Byte bob@x.org ${folder}/students`,
        stderr: "",
      },
      ...{
        stdoutBytes: 1,
        stderrBytes: 0,
        containment: "session",
        enforcement: {},
        leftovers: 0,
        startedAt: "2026-11-24T12:00:00.000Z",
      },
    } as never;
    return all(0.8, { run })({} as GradingTask);
  };
  await grade(class_("--policy", at("policy.yaml")), leak);
  const pages = at("results/reports");
  expect(readdirSync(pages).sort()).toEqual(["b09901001", "b09901002"]);
  for (const file of ["report.html", "grading.json"]) {
    const own = readFileSync(join(pages, "b09901001", file), "utf8");
    expect(own).toContain("b09901001 saw b09901001");
    expect(own).toContain("seen by hand");
    for (const other of ["b09901002", "Bob Byte", "bob@x.org", "Gina", folder])
      expect(own).not.toContain(other);
  }
});

it("report shows a student of a class as the class was graded, and nobody else", async () => {
  const leak = all(0.8, {
    findings: [{ code: "x", severity: "warning", message: "a copy of b09901002", files: [], total: 1 }],
  });
  await grade(class_("--policy", at("policy.yaml")), leak);
  const own = join(at("results/reports"), "b09901001");
  const before = readFileSync(join(own, "grading.json"), "utf8");
  rmSync(own, { recursive: true });
  const { code, stdout } = await grade(["report", "all", ...places(), "--id", "b09901001"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("13.5 / 16 points, 1.5 off: 2 days late")]);
  expect(readFileSync(join(own, "grading.json"), "utf8")).toBe(before);
  expect(readFileSync(join(own, "report.html"), "utf8")).not.toContain("b09901002");
  const late = ["report", "all", ...places(), "--id", "b09901001", "--days-late", "1"];
  expect(await grade(late)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--days-late: expected no such option of a student of a class/),
  });
  expect(await grade(["report", "all", ...places(), "--id", "b09901003"])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/expected records of "b09901003"/),
  });
});

it("--dry-run runs nothing and writes nothing", async () => {
  const { code, stdout } = await grade(class_("--dry-run"));
  expect([code, told, existsSync(at("results"))]).toEqual([0, [], false]);
  // There are no test images.
  expect(stdout).toMatch(/b09901001 +p1 +not gradable .*\nb09901001 +p3, svhn +not gradable /);
});

it("explains and compares what was graded", async () => {
  await grade(class_("--policy", at("policy.yaml")));
  const explained = await grade(["explain", "b09901001", ...places(), "--problem", "p1"]);
  expect(explained.stdout).toContain("seen by hand (before: 8 of 10)");
  expect((await grade(["explain", "b09901003", ...places()])).stdout).toContain("There is no submission.");
  expect(await grade(["explain", "nobody", ...places()])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/expected records of "nobody"/),
  });
  const same = await grade(["diff", at("results"), at("results"), "--page", at("diff.html")]);
  expect(same.stdout).toContain("0 of 2 have changed");
  expect(readFileSync(at("diff.html"), "utf8")).toContain("Who changed");
});

it.each<[string, () => string[], RegExp]>([
  [
    "no submissions",
    () => ["all", ...places(), "--roster", at("class.csv")],
    /--submissions: expected the folder/,
  ],
  [
    "an option of a class alone",
    () => ["all", ...places(), "--student", "x"],
    /--student: expected --roster beside it/,
  ],
  ["an option of one", () => class_("--days-late", "1"), /--days-late: expected no such option .* --policy/],
  ["an unknown student", () => class_("--student", "b1"), /--student: expected a student_id .* "b1"/],
  ["a class of nobody", () => [...class_(), "--roster", at("empty.csv")], /empty.csv:2: expected a row/],
  ["an unknown report", () => class_("--report", "pdf=x"), /with one of the formats .*gradebook/],
  [
    "a file for a folder",
    () => class_("--report", `gradescope=${at("hw.yaml")}`),
    /--report: expected a folder/,
  ],
  ["no class", () => ["export", ...places()], /expected records of a class, or --roster, found none/],
])("%s is wrong usage", async (_what, args, message) => {
  expect(await grade(args())).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  expect(told).toEqual([]);
});

it("one submission is graded as ever", async () => {
  const { code, stderr } = await grade(["all", ...places(), "--submission", at("nowhere")]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/expected a submission's folder/)]);
});
