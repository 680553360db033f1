import { expect, test } from "vitest";
import { type Assignment, parseAssignment } from "../assignment/index.ts";
import type { Metric } from "../results/results.ts";
import { scoreRubric } from "./index.ts";

const assignment = parseAssignment(
  `id: a
problems:
  - id: p
    command: bash a.sh {out}
    output: { kind: images, count: 10 }
    metrics:
      - { kind: fid, reference: faces/val, baselines: { strong: 27 } }
      - { kind: face-rate }
    rubric:
      - { label: FID, points: 5, earned: fid <= fid_strong }
      - { points: 4, earned: 10 * face_rate }
      - { points: 1, earned: seconds < limit / 2 }
`,
  "a.yaml",
);
const [{ rubric, metrics: specs }] = assignment.problems[0]!.columns as [
  Assignment["problems"][0]["columns"][0],
];
const graded = { status: "graded" as const, reasons: [], specs, seconds: 200, limit: 600 };

test("points, and what they follow from", () => {
  const lines = scoreRubric(rubric, { ...graded, metrics: [metric("fid", 26.1), metric("face_rate", 0.35)] });
  expect(lines).toEqual([
    { label: "FID", earned: 5, possible: 5, because: "fid <= fid_strong: fid = 26.1, fid_strong = 27" },
    { label: "10 * face_rate", earned: 3.5, possible: 4, because: "10 * face_rate: face_rate = 0.35" },
    {
      label: "seconds < limit / 2",
      earned: 1,
      possible: 1,
      because: "seconds < limit / 2: seconds = 200, limit = 600",
    },
  ]);
});

test("no more than a line's points, and no less than none", () => {
  const earned = (rate: number) =>
    scoreRubric(rubric, { ...graded, metrics: [metric("fid", 28), metric("face_rate", rate)] })[1]!.earned;
  expect([earned(1), earned(-1)]).toEqual([4, 0]);
});

test("a value that could not be computed leaves the lines over it undecided, and no others", () => {
  const lost = { ...metric("fid", null), problem: "no weights" };
  const lines = scoreRubric(rubric, { ...graded, metrics: [lost, metric("face_rate", 0.1)] });
  expect(lines.map(({ undecided }) => undecided)).toEqual([
    "fid could not be computed: no weights",
    undefined,
    undefined,
  ]);
  expect(scoreRubric(rubric, { ...graded, metrics: [] })[1]!.undecided).toBe("face_rate was not computed");
  const { seconds: _, ...timeless } = { ...graded, metrics: [] };
  expect(scoreRubric(rubric, timeless)[2]!.undecided).toBe("the time of the run is not known");
});

test("a failed run earns nothing and says why, whatever was computed", () => {
  const failed = { ...graded, status: "failed" as const, reasons: ["over its limit of 10 min"] };
  const lines = scoreRubric(rubric, { ...failed, metrics: [metric("fid", 20)] });
  expect(lines.map(({ earned }) => earned)).toEqual([0, 0, 0]);
  expect(lines[0]).toMatchObject({ because: "fid <= fid_strong: over its limit of 10 min" });
  expect(lines[0]).not.toHaveProperty("undecided");
});

test("what cannot be graded takes no points", () => {
  const fault = { ...graded, status: "not-gradable" as const, reasons: ["the disk is full"], metrics: [] };
  expect(scoreRubric(rubric, fault).every(({ undecided }) => undecided === "the disk is full")).toBe(true);
});

test("an expression that is not finite is our mistake, not theirs", () => {
  const text = `id: a
problems:
  - id: p
    command: bash a.sh {out}
    output: { kind: images, count: 10 }
    metrics: [{ kind: face-rate }]
    rubric: [{ points: 1, earned: 1 / face_rate }]
`;
  const [column] = parseAssignment(text, "a.yaml").problems[0]!.columns;
  const input = { ...graded, specs: column!.metrics, metrics: [metric("face_rate", 0)] };
  expect(scoreRubric(column!.rubric, input)[0]!.undecided).toBe("the expression gives Infinity");
});

function metric(name: string, value: number | null): Metric {
  return { name, label: name, value, n: 10, better: "lower", protocol: {} };
}
