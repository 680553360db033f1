/** Classes of the proof on disk, and their tasks with another folder of results each time. */

import { join } from "node:path";
import type { GradingTask } from "../../src/task.ts";
import { ASSIGNMENT, type SmallClass, smallClass } from "../../test/small-class.ts";
import { ROOT, type Student } from "./students.ts";

export interface ProofClass extends SmallClass {
  tasks: GradingTask[];
}

/** Limits so low that those who break them do not take the proof's time. */
const LIMITS = "limits: { wall: 8 s, memory: 256 MiB, output: 2 MiB, files: 20, processes: 32 }";

/** With what models are asked for. */
const TEXT = `${ASSIGNMENT.replace(/^limits: .*$/m, LIMITS)}
  - id: digits
    command: bash digits.sh {out}
    limits: { wall: 2 min, memory: 4 GiB, output: 64 MiB, files: 2000, processes: 256 }
    output: { kind: images, size: 28x28, format: png, names: "{class:0-9}_{index:001-001}.png" }
    metrics: [{ kind: digit-accuracy }]
    rubric: [{ points: 10, earned: 10 * accuracy }]
  - id: adapted
    command: bash adapted.sh {images} {csv}
    limits: { wall: 2 min, memory: 4 GiB, output: 64 MiB, files: 2000, processes: 256 }
    output: { kind: csv }
    images: ./images
    labels: ./images.csv
    metrics: [{ kind: label-accuracy }]
    rubric: [{ points: 10, earned: 10 * accuracy }]
`;

export function proofClass(folder: string, given: Record<string, Student>): ProofClass {
  const scripts = Object.fromEntries(Object.entries(given).map(([id, student]) => [id, student.scripts]));
  const small = smallClass(folder, scripts, { text: TEXT, options: { readable: [ROOT] } });
  const tasks = small.tasks.map((task): GradingTask => {
    const { problems, isPoison } = given[task.student]!;
    // A sandbox would keep poison from what it is there for.
    const options = isPoison ? { ...task.options, containment: "session" as const } : task.options;
    return { ...task, problems, options };
  });
  return { ...small, tasks };
}

export const withResults = (tasks: readonly GradingTask[], folder: string, name: string) =>
  tasks.map((task) => ({ ...task, results: join(folder, name) }));
