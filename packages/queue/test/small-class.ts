/** For tests and the proof: a class of students in a folder, whose submissions cost next to nothing. */

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Assignment, build, parseAssignment } from "@touchstone/grader";
import type { GradingTask, TaskOptions } from "../src/task.ts";

const IMAGES = fileURLToPath(new URL("../../../fixtures/grading/test-images", import.meta.url));

/** Labels of images, a table; and a picture of so many images a second, which is timed. */
export const ASSIGNMENT = `id: small-class
limits: { wall: 20 s, memory: 512 MiB, output: 2 MiB, files: 20, processes: 32 }
problems:
  - id: labels
    command: bash labels.sh {csv}
    output: { kind: csv }
    images: ./images
    labels: ./images.csv
    metrics: [{ kind: label-accuracy }]
    rubric: [{ points: 8, earned: 8 * accuracy }]
  - id: pictures
    command: bash pictures.sh {out} {submission}
    output: { kind: images, count: 2 }
    timed: true
    rubric: [{ points: 2, earned: seconds < limit }]
`;

/** The first `right` of the eight labels are right. */
export function labels(right: number): string {
  const truth = [6, 0, 5, 4, 9, 9, 2, 1];
  const rows = truth.map((label, i) => `10${i}.png,${i < right ? label : (label + 1) % 10}`);
  return `printf '%s\\n' image_name,label ${rows.join(" ")} > "$1"\n`;
}

export const PICTURES = 'cp one.png "$1/1.png"; cp one.png "$1/2.png"\n';

/** Scripts of a student by the problem's id; of the labels and pictures, what is not given is right. */
export type Scripts = Readonly<Record<string, string>>;

export interface SmallClass {
  assignment: Assignment;
  results: string;
  tasks: GradingTask[];
}

/** @param folder is filled */
export function smallClass(
  folder: string,
  students: Readonly<Record<string, Scripts>>,
  { text = ASSIGNMENT, options = {} }: { text?: string; options?: Partial<TaskOptions> } = {},
): SmallClass {
  const file = join(folder, "assignment.yaml");
  const results = join(folder, "results");
  mkdirSync(join(folder, "submissions"), { recursive: true });
  writeFileSync(file, text);
  cpSync(IMAGES, join(folder, "images"), { recursive: true });
  cpSync(`${IMAGES}.csv`, join(folder, "images.csv"));
  for (const [student, scripts] of Object.entries(students)) {
    const submission = join(folder, "submissions", student);
    mkdirSync(submission, { recursive: true });
    cpSync(join(IMAGES, "100.png"), join(submission, "one.png"));
    const all = { labels: labels(8), pictures: PICTURES, ...scripts };
    for (const [problem, script] of Object.entries(all))
      writeFileSync(join(submission, `${problem}.sh`), script);
  }
  const assignment = parseAssignment(text, file);
  const { id, sha256 } = assignment;
  const tasks = Object.keys(students).map(
    (student): GradingTask => ({
      student,
      submission: join(folder, "submissions", student),
      problems: ["all"],
      assignment: { id, file, sha256 },
      version: build(),
      results,
      options: { device: "cpu", seed: 0, offline: true, ...options },
    }),
  );
  return { assignment, results, tasks };
}
