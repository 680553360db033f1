/** A board as lines of a terminal. */

import { duration, percent, printable } from "@touchstone/cli";
import { pointsText, statusText, sumOfPoints } from "@touchstone/grader";
import { type Board, countsOf, type Place, secondsLeft } from "./board.ts";

const BAR = 24;
/** Of those that were done last. */
const DONE_SHOWN = 4;

export interface BoardView {
  /** By id, empty where there is no name. */
  nameOf(id: string): string;
  /** Since the beginning. */
  seconds: number;
  /** Lines, at most, at least 2. */
  height: number;
}

/** The whole, who is being graded, and who was graded last. Not cut to a width. */
export function boardLines(board: Board, { nameOf, seconds, height }: BoardView): string[] {
  const running = [...board.places].filter(([, { state }]) => state === "running");
  const last = board.done.slice(-Math.min(DONE_SHOWN, Math.max(0, height - 1 - running.length)));
  const shown = running.slice(0, height - 1 - last.length);
  const isCut = shown.length < running.length;
  const kept = isCut ? shown.slice(0, -1) : shown;
  return [
    summary(board, seconds),
    ...last.map((id) => entry(id, nameOf(id), board.places.get(id)!)),
    ...kept.map(([id, place]) => entry(id, nameOf(id), place)),
    ...(isCut ? [`  and ${running.length - kept.length} more are running`] : []),
  ];
}

/** `class  [###---] 25 %, 75 of 300 done, 2 h 07 min left: 70 graded, 4 failed, 1 not gradable, 4 running, 221 waiting` */
export function summary(board: Board, seconds: number): string {
  const counts = countsOf(board);
  const total = board.places.size;
  const share = total === 0 ? 1 : board.done.length / total;
  const full = Math.round(share * BAR);
  const left = secondsLeft(board, seconds);
  const states = [
    `${counts.graded} graded`,
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts["not-gradable"] > 0 ? [`${counts["not-gradable"]} not gradable`] : []),
    `${counts.running} running`,
    `${counts.queued} waiting`,
  ].join(", ");
  const time = left === undefined ? "" : `, ${duration(left)} left`;
  const bar = `[${"#".repeat(full)}${"-".repeat(BAR - full)}]`;
  return `class  ${bar} ${percent(share, 0)}, ${board.done.length} of ${total} done${time}: ${states}`;
}

/** `  b09901000 Ada Lovelace: p1, submission: running, 12 of 600 s of its limit` */
export function entry(id: string, name: string, place: Place): string {
  return printable(`  ${id}${name === "" ? "" : ` ${name}`}: ${textOf(place)}`);
}

function textOf(place: Place): string {
  if (place.state === "queued") return "waiting";
  if (place.state === "running") return place.phase === "" ? "running" : place.phase;
  const points = pointsText(sumOfPoints(place.results.flatMap(({ points }) => points)));
  const reason = place.results.find(({ status }) => status !== "graded")?.reasons[0];
  return `${statusText[place.state]}, ${points}${reason === undefined ? "" : `: ${reason.slice(0, 200)}`}`;
}
