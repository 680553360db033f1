/** Where every student of a class is, from what a queue tells. */

import type { ProblemResult } from "@touchstone/grader";
import type { TaskEvent } from "@touchstone/queue";

export type Place =
  | { state: "queued" }
  | { state: "running"; phase: string; worker: string }
  | { state: "graded" | "failed" | "not-gradable"; results: readonly ProblemResult[] };

export interface Board {
  /** By id, in the order of the tasks. */
  places: ReadonlyMap<string, Place>;
  /** Ids of those that are done, the last one last. */
  done: readonly string[];
}

export const newBoard = (ids: readonly string[]): Board => ({
  places: new Map(ids.map((id) => [id, { state: "queued" }])),
  done: [],
});

/** The board after an event. One about nobody that it knows leaves it as it is. */
export function moved(board: Board, event: TaskEvent): Board {
  if (event.kind === "notice" || !board.places.has(event.student)) return board;
  const { student } = event;
  const before = board.places.get(student)!;
  switch (event.kind) {
    case "queued":
      return { ...board, places: placed(board, student, { state: "queued" }) };
    case "running":
      return {
        ...board,
        places: placed(board, student, { state: "running", phase: "", worker: event.worker }),
      };
    case "progress": {
      const { label, done, total, unit } = event;
      const phase = `${label}, ${done}${total === undefined ? "" : ` of ${total}`} ${unit}`;
      const worker = before.state === "running" ? before.worker : "";
      return { ...board, places: placed(board, student, { state: "running", phase, worker }) };
    }
    case "done": {
      const place: Place = { state: stateOf(event.results), results: event.results };
      return { places: placed(board, student, place), done: [...board.done, student] };
    }
  }
}

/** The map is this module's own, and is changed in place: a class has thousands of events. */
function placed({ places }: Board, student: string, place: Place): Board["places"] {
  (places as Map<string, Place>).set(student, place);
  return places;
}

function stateOf(results: readonly ProblemResult[]): "graded" | "failed" | "not-gradable" {
  if (results.some(({ status }) => status === "not-gradable")) return "not-gradable";
  return results.some(({ status }) => status === "failed") ? "failed" : "graded";
}

export interface Counts {
  queued: number;
  running: number;
  graded: number;
  failed: number;
  "not-gradable": number;
}

export function countsOf({ places }: Board): Counts {
  const counts: Counts = { queued: 0, running: 0, graded: 0, failed: 0, "not-gradable": 0 };
  for (const { state } of places.values()) counts[state]++;
  return counts;
}

/** Seconds until the end, if the rest takes as long as what is done did; undefined where nothing is done or left. */
export function secondsLeft({ places, done }: Board, seconds: number): number | undefined {
  const left = places.size - done.length;
  return done.length === 0 || left === 0 ? undefined : (seconds / done.length) * left;
}
