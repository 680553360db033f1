import { cpSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { contextOf, referencesOf, SMALL, smallAssignment, submissionOf } from "../../test/small-grading.ts";
import type { GradeContext } from "./context.ts";
import { inputsOf } from "./inputs.ts";
import { jobsOf } from "./jobs.ts";
import { keyOf } from "./key.ts";
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

async function key(
  problem: "digits" | "labels",
  { yaml, ...more }: Partial<GradeContext> & { yaml?: (text: string) => string } = {},
): Promise<string> {
  const [job] = jobsOf(smallAssignment(yaml), { problems: [problem], submission: true });
  const context = contextOf({ references: referencesOf({ base: folder }), ...more });
  const folders = { root: "", submission, output: join(submission, "../output") };
  const inputs = await inputsOf(job!, context.references);
  return keyOf(job!, commandOf(job!, folders, inputs), folders, inputs, context);
}

const replaced = (from: string, to: string) => (yaml: string) => {
  expect(yaml).toContain(from);
  return yaml.replace(from, to);
};

it.each<[string, "digits" | "labels", Parameters<typeof key>[1], (() => void)?]>([
  ["the submission", "digits", {}, () => writeFileSync(join(submission, "digits.sh"), "exit 0\n")],
  [
    "the labels",
    "labels",
    {},
    () => writeFileSync(join(folder, "test-images.csv"), "image_name,label\n100.png,1\n"),
  ],
  ["the test images", "labels", {}, () => utimesSync(join(folder, "test-images/100.png"), 5, 5)],
  ["a limit", "digits", { yaml: replaced("wall: 20 s", "wall: 21 s") }],
  ["what it must write", "digits", { yaml: replaced("colour: rgb, ", "") }],
  ["the command", "digits", { yaml: replaced("bash digits.sh", "bash ./digits.sh") }],
  ["a metric", "digits", { yaml: replaced("kind: digit-accuracy,", "kind: face-rate, name: accuracy,") }],
  ["the seed", "digits", { seed: 1 }],
  ["the device", "digits", { device: "webgpu" }],
  ["the environment", "digits", { env: { PATH: "/opt/bin" } }],
  ["what is readable", "digits", { readable: ["/srv"] }],
  ["what is hidden", "digits", { hidden: ["/opt/data"] }],
  ["the containment that is asked for", "digits", { containment: "session" }],
])("changes with %s", async (_, problem, change, act = () => {}) => {
  const before = await key(problem);
  expect(await key(problem)).toBe(before);
  act();
  expect(await key(problem, change)).not.toBe(before);
});

it("does not change with what points follow from, nor with where results go", async () => {
  const before = await key("digits");
  const yaml = (text: string) =>
    [
      ["simple: 0.8", "simple: 0.9, strong: 0.95"],
      ["points: 10", "points: 20"],
      ["perDay: 30 %", "perDay: 10 %"],
      ["title: Digits", "title: Ten digits"],
    ].reduce((changed, [from, to]) => replaced(from!, to!)(changed), text);
  expect(await key("digits", { yaml, results: temporaryFolder(), fresh: true })).toBe(before);
});

it("changes with a reference that is exchanged, given or gone", async () => {
  const set = join(folder, "faces");
  cpSync(join(SMALL, "test-images"), set, { recursive: true, preserveTimestamps: true });
  const yaml = replaced("{ kind: digit-accuracy,", "{ kind: fid, reference: ./faces,");
  const fid = (text: string) => yaml(text).replace("10 * accuracy", "fid");
  const keys = [await key("digits", { yaml: fid })];
  const given = {
    yaml: fid,
    references: referencesOf({ base: folder, reference: join(folder, "test-images") }),
  };
  keys.push(await key("digits", given));
  vi.stubEnv("TOUCHSTONE_INCEPTION", join(folder, "assignment.yaml"));
  keys.push(await key("digits", { yaml: fid }));
  vi.unstubAllEnvs();
  utimesSync(join(set, "100.png"), 5, 5);
  keys.push(await key("digits", { yaml: fid }));
  rmSync(set, { recursive: true });
  keys.push(await key("digits", { yaml: fid }));
  expect(new Set(keys).size).toBe(5);
});
