/** Classes of the proof on disk, and their tasks with another folder of results each time. */

import { join } from "node:path";
import type { GradingTask } from "../../src/task.ts";
import { type SmallClass, smallClass } from "../../test/small-class.ts";
import type { Student } from "./students.ts";

export interface ProofClass extends SmallClass {
  tasks: GradingTask[];
}

/** Limits so low that those who break them do not take the proof's time. */
export const LIMITS = "limits: { wall: 8 s, memory: 256 MiB, output: 2 MiB, files: 20, processes: 32 }";

/** @param text of the assignment */
export function proofClass(folder: string, given: Record<string, Student>, text: string): ProofClass {
  const scripts = Object.fromEntries(Object.entries(given).map(([id, student]) => [id, student.scripts]));
  const small = smallClass(folder, scripts, { text });
  const tasks = small.tasks.map((task): GradingTask => {
    // A sandbox would keep it from what it is there for.
    const options = { ...task.options, containment: "session" as const };
    return given[task.student]!.isPoison ? { ...task, options } : task;
  });
  return { ...small, tasks };
}

export const withResults = (tasks: readonly GradingTask[], folder: string, name: string) =>
  tasks.map((task) => ({ ...task, results: join(folder, name) }));
