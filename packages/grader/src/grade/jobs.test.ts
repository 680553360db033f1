import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { smallAssignment } from "../../test/small-grading.ts";
import { readAssignment } from "../assignment/index.ts";
import { jobName, jobsOf, type Selection } from "./jobs.ts";

const homework = await readAssignment(
  fileURLToPath(new URL("../../../../assignments/dlcv-hw2.yaml", import.meta.url)),
);
const names = (selection?: Selection) => jobsOf(homework, selection).map(jobName);

it("the models of the repository, in the assignment's order, without those that must be asked for", () => {
  const p3 = ["source-only", "source-only + augmentation", "DANN", "target-trained"].flatMap((name) => [
    `p3, ${name}, svhn`,
    `p3, ${name}, usps`,
  ]);
  const all = ["p1, DCGAN", "p1, WGAN-GP", "p2, diffusion", ...p3];
  expect(names()).toEqual(all);
  expect(names({ problems: ["all"] })).toEqual(all);
  expect(names({ problems: ["p2", "p1", "p2"] })).toEqual(["p1, DCGAN", "p1, WGAN-GP", "p2, diffusion"]);
});

it("variants by name, also those that must be asked for", () => {
  expect(names({ problems: ["p2"], variants: ["T = 500"] })).toEqual(["p2, T = 500"]);
  expect(names({ variants: ["DANN"] })).toEqual(["p3, DANN, svhn", "p3, DANN, usps"]);
});

it("a submission's runs: one for each problem and column", () => {
  const runs = ["p1, submission", "p2, submission", "p3, submission, svhn", "p3, submission, usps"];
  expect(names({ submission: true })).toEqual(runs);
  expect(jobsOf(homework, { submission: true }).every(({ isBuiltin }) => !isBuiltin)).toBe(true);
});

it.each<[Selection, string]>([
  [{ problems: ["p4"] }, 'problem: expected one of p1, p2, p3, found "p4".'],
  [{ problems: ["all", "p4"] }, 'problem: expected one of p1, p2, p3, found "p4".'],
  [{ problems: ["p1"], variants: ["DANN"] }, '--variant: expected one of DCGAN, WGAN-GP, found "DANN".'],
  [{ submission: true, variants: ["DCGAN"] }, "--variant: expected no such option with --submission"],
])("%j is refused", (selection, message) => {
  expect(() => names(selection)).toThrow(message);
});

it("problems without models of their own need a submission", () => {
  expect(() => jobsOf(smallAssignment())).toThrow("--submission: expected a folder");
});
