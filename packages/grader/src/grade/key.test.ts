import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { contextOf, referencesOf, SMALL, smallAssignment, submissionOf } from "../../test/small-grading.ts";
import type { GradeContext } from "./context.ts";
import { inputsOf } from "./inputs.ts";
import { jobsOf } from "./jobs.ts";
import { type Keys, keysOf } from "./key.ts";
import { commandOf } from "./request.ts";

/** Of the assignment, with what a test changes in it. */
let folder: string;
let submission: string;

beforeEach(() => {
  folder = join(temporaryFolder(), "grading");
  cpSync(SMALL, folder, { recursive: true, preserveTimestamps: true });
  submission = join(temporaryFolder(), "copy");
  cpSync(submissionOf("good"), submission, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function keys(
  problem: "digits" | "labels",
  { yaml, ...more }: Partial<GradeContext> & { yaml?: (text: string) => string } = {},
): Promise<Keys> {
  const [job] = jobsOf(smallAssignment(yaml), { problems: [problem], submission: true });
  const context = contextOf({ references: referencesOf({ base: folder }), ...more });
  const folders = { root: "", submission, output: join(submission, "../output") };
  const inputs = await inputsOf(job!, context.references);
  return keysOf(job!, commandOf(job!, folders, inputs), folders, inputs, context);
}

const replaced = (from: string, to: string) => (yaml: string) => {
  expect(yaml).toContain(from);
  return yaml.replace(from, to);
};

type Case = [string, "digits" | "labels", Parameters<typeof keys>[1], (() => void)?];

it.each<Case>([
  ["the submission", "digits", {}, () => writeFileSync(join(submission, "digits.sh"), "exit 0\n")],
  ["the test images", "labels", {}, () => writeFileSync(join(folder, "test-images/100.png"), "other")],
  ["a limit", "digits", { yaml: replaced("wall: 20 s", "wall: 21 s") }],
  [
    "whether it is timed",
    "digits",
    { yaml: replaced("  - id: digits\n", "  - id: digits\n    timed: true\n") },
  ],
  ["the command", "digits", { yaml: replaced("bash digits.sh", "bash ./digits.sh") }],
  ["the environment", "digits", { env: { PATH: "/opt/bin" } }],
  ["what is readable", "digits", { readable: ["/srv"] }],
  ["what is hidden", "digits", { hidden: ["/opt/data"] }],
  ["the containment that is asked for", "digits", { containment: "session" }],
])("the run's and the result's change with %s", async (_, problem, change, act = () => {}) => {
  const before = await keys(problem);
  expect(await keys(problem)).toEqual(before);
  act();
  const { runKey, key } = await keys(problem, change);
  expect(runKey).not.toBe(before.runKey);
  expect(key).not.toBe(before.key);
});

it.each<Case>([
  [
    "the labels",
    "labels",
    {},
    () => writeFileSync(join(folder, "test-images.csv"), "image_name,label\n100.png,1\n"),
  ],
  ["what it must write", "digits", { yaml: replaced("colour: rgb, ", "") }],
  ["a metric", "digits", { yaml: replaced("kind: digit-accuracy,", "kind: face-rate, name: accuracy,") }],
  ["the seed", "digits", { seed: 1 }],
  ["the device", "digits", { device: "webgpu" }],
])("the result's alone changes with %s", async (_, problem, change, act = () => {}) => {
  const before = await keys(problem);
  act();
  const { runKey, key } = await keys(problem, change);
  expect(runKey).toBe(before.runKey);
  expect(key).not.toBe(before.key);
});

it("neither changes with what points follow from, nor with where results go", async () => {
  const before = await keys("digits");
  const yaml = (text: string) =>
    [
      ["simple: 0.8", "simple: 0.9, strong: 0.95"],
      ["points: 10", "points: 20"],
      ["perDay: 30 %", "perDay: 10 %"],
      ["title: Digits", "title: Ten digits"],
    ].reduce((changed, [from, to]) => replaced(from!, to!)(changed), text);
  expect(await keys("digits", { yaml, results: temporaryFolder(), fresh: true })).toEqual(before);
});

it("the result's changes with a reference that is exchanged, given or gone", async () => {
  const set = join(folder, "faces");
  cpSync(join(SMALL, "test-images"), set, { recursive: true, preserveTimestamps: true });
  const yaml = replaced("{ kind: digit-accuracy,", "{ kind: fid, reference: ./faces,");
  const fid = (text: string) => yaml(text).replace("10 * accuracy", "fid");
  const found = [await keys("digits", { yaml: fid })];
  const given = {
    yaml: fid,
    references: referencesOf({ base: folder, reference: join(folder, "test-images") }),
  };
  found.push(await keys("digits", given));
  vi.stubEnv("TOUCHSTONE_INCEPTION", join(folder, "assignment.yaml"));
  found.push(await keys("digits", { yaml: fid }));
  vi.unstubAllEnvs();
  writeFileSync(join(set, "100.png"), "other");
  found.push(await keys("digits", { yaml: fid }));
  rmSync(set, { recursive: true });
  found.push(await keys("digits", { yaml: fid }));
  expect(new Set(found.map(({ key }) => key)).size).toBe(5);
  expect(new Set(found.map(({ runKey }) => runKey)).size).toBe(1);
});
