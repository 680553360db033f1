import { existsSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "@touchstone/cli";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { folderOf, temporaryFolder } from "../../../datasets/test/image-files.ts";
import { SMALL, submissionOf } from "../../test/small-grading.ts";
import { gradeCommand } from "./grade.ts";

const ASSIGNMENT = ["--assignment", join(SMALL, "assignment.yaml")];
const GOOD = ["--submission", submissionOf("good")];
const BASELINE = ["--baseline", join(SMALL, "baseline.yaml")];

let results: string;
beforeEach(() => {
  results = join(temporaryFolder(), "results");
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function grade(...args: string[]) {
  const texts = [process.stdout, process.stderr].map((stream) => {
    const write = vi.spyOn(stream, "write").mockReturnValue(true);
    return () => write.mock.calls.map(([text]) => text).join("");
  });
  const code = await runProgram(gradeCommand(), args);
  const [stdout, stderr] = texts.map((text) => text());
  vi.restoreAllMocks();
  return { code, stdout, stderr: stderr! };
}

it.each<[string, string[], RegExp]>([
  ["no problem", [], /missing required argument 'problems'/],
  [
    "an unknown problem",
    ["p9", ...ASSIGNMENT, ...GOOD],
    /problem: expected one of digits, labels, found "p9"/,
  ],
  [
    "an unknown variant",
    ["p1", "--variant", "StyleGAN"],
    /--variant: expected one of DCGAN, WGAN-GP, found "St/,
  ],
  ["a variant of a submission", ["p1", "--variant", "DCGAN", ...GOOD], /--variant: expected no such option/],
  [
    "no submission",
    ["all", ...ASSIGNMENT, "--submission", "nowhere"],
    /nowhere: expected a submission's folder/,
  ],
  ["a file", ["all", ...ASSIGNMENT, "--submission", "/etc/passwd"], /passwd: expected .* found no folder/],
  [
    "an unknown penalty",
    ["all", ...ASSIGNMENT, ...GOOD, "--penalty", "codefix"],
    /one of codeFix, found "codefix"/,
  ],
  ["days late of no submission", ["p1", "--days-late", "1"], /--days-late: expected --submission beside it/],
  ["no name", ["all", ...ASSIGNMENT, ...GOOD, "--id", ""], /--id: expected a name/],
  [
    "an unknown report",
    ["all", ...ASSIGNMENT, ...GOOD, "--report", "pdf=a"],
    /--report: expected FORMAT=FILE, .* csv/,
  ],
  [
    "a report in no folder",
    ["all", ...ASSIGNMENT, "--report", "csv=/absent/a"],
    /in a folder that is there, found/,
  ],
  [
    "a report that is a folder",
    ["all", ...ASSIGNMENT, "--report", "csv=/tmp"],
    /expected a file, found the folder/,
  ],
  [
    "a path that is not there",
    ["all", ...ASSIGNMENT, ...GOOD, "--hide", "/absent"],
    /--hide: expected a file or folder/,
  ],
  ["no variable", ["all", ...ASSIGNMENT, ...GOOD, "--env", "A B"], /--env: expected NAME=VALUE, found "A B"/],
  [
    "no baseline",
    ["check", "all", ...ASSIGNMENT, ...GOOD, "--baseline", "absent.yaml"],
    /no such file; --update/,
  ],
  [
    "a baseline of others",
    ["check", "labels", ...ASSIGNMENT, ...GOOD, ...BASELINE],
    /expected metrics of labels/,
  ],
  [
    "options before check",
    [...ASSIGNMENT, "check", "all", ...BASELINE],
    /--assignment: expected options behind/,
  ],
  [
    "an update with a report",
    ["check", "all", ...BASELINE, "--update", "--json"],
    /cannot be used with option/,
  ],
])("%s: exit 2 before anything runs", async (_, args, message) => {
  const { code, stdout, stderr } = await grade(...args, "--results", results);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("    at ");
  expect(existsSync(results)).toBe(false);
});

it("refuses results in the place of the submission", async () => {
  const folder = folderOf({ "digits.sh": "" });
  const { code, stderr } = await grade("all", ...ASSIGNMENT, "--submission", folder, "--results", folder);
  expect(code).toBe(2);
  expect(stderr).toContain("--results: expected another folder than the submission's");
});

it("a baseline that is broken is not overwritten, and is found before anything runs", async () => {
  const baseline = join(folderOf({ "b.yaml": "schema: 2\n" }), "b.yaml");
  const args = [
    "check",
    "all",
    ...ASSIGNMENT,
    ...GOOD,
    "--results",
    results,
    "--baseline",
    baseline,
    "--update",
  ];
  const { code, stderr } = await grade(...args);
  expect(code).toBe(2);
  expect(stderr).toContain("b.yaml: schema");
  expect(existsSync(results)).toBe(false);
});

it("exits with 4 where a metric could not be computed for want of its weights", async () => {
  vi.stubEnv("TOUCHSTONE_INCEPTION", "/absent.pth");
  const folder = folderOf({
    "fid.yaml": `
id: fid
problems:
  - id: digits
    command: bash digits.sh {out}
    limits: { wall: 60 s, output: 10 MiB }
    output: { kind: images, count: 20 }
    metrics: [{ kind: fid, reference: ${join(SMALL, "test-images")} }]
    rubric: [{ label: low, points: 3, earned: fid < 9 }]
`,
  });
  const args = ["all", "--assignment", join(folder, "fid.yaml"), ...GOOD, "--results", results];
  const { code, stdout } = await grade(...args, "--json");
  vi.unstubAllEnvs();
  expect(code).toBe(4);
  const { results: graded, points } = JSON.parse(stdout!);
  expect(graded[0]).toMatchObject({ status: "graded", metrics: [{ value: null, fault: "passing" }] });
  expect(points).toMatchObject({ earned: 0, possible: 0, open: 3 });
});
