/** Points in all, and what penalties and late days take off them. */

import type { Assignment, LatePolicy } from "../assignment/index.ts";
import type { PointsLine } from "../results/results.ts";
import { UnknownPenaltyError } from "./errors.ts";

export interface Points {
  earned: number;
  /** Of the lines that are decided. */
  possible: number;
  /** Of the lines that are not. */
  undecided: number;
}

export function totalPoints(lines: readonly PointsLine[]): Points {
  const sum = (of: (line: PointsLine) => number) =>
    rounded(lines.reduce((total, line) => total + of(line), 0));
  const isOpen = (line: PointsLine) => line.undecided !== undefined;
  return {
    earned: sum((line) => (isOpen(line) ? 0 : line.earned)),
    possible: sum((line) => (isOpen(line) ? 0 : line.possible)),
    undecided: sum((line) => (isOpen(line) ? line.possible : 0)),
  };
}

const DAY = 24 * 60 * 60 * 1000;

/** Days after the deadline, each begun one counted. */
export function daysLate(deadline: Date, submitted: Date): number {
  return Math.max(0, Math.ceil((submitted.getTime() - deadline.getTime()) / DAY));
}

/** What is left of the points, in [0, 1]: the free days cost nothing, each further one `perDay` of the whole. */
export function lateFactor({ freeDays, perDay }: LatePolicy, days: number): number {
  return Math.max(0, rounded(1 - perDay * Math.max(0, days - freeDays)));
}

export interface Deduction {
  label: string;
  /** Of what it was taken from. */
  share: number;
  points: number;
}

/**
 * The points of the rubric after penalties and late days. Penalties are taken one after another, each from what the one before has left,
 * and late days from the rest.
 *
 * @param given.penalties names of the assignment's: `codeFix`
 * @throws UnknownPenaltyError
 */
export function deduct(
  earned: number,
  { late, penalties }: Pick<Assignment, "late" | "penalties">,
  given: { daysLate?: number; penalties?: readonly string[] } = {},
): { earned: number; deductions: Deduction[] } {
  const shares: { label: string; share: number }[] = (given.penalties ?? []).map((name) => {
    if (!Object.hasOwn(penalties, name)) throw new UnknownPenaltyError(name, Object.keys(penalties));
    return penalties[name]!;
  });
  const days = given.daysLate ?? 0;
  const lateShare = rounded(1 - lateFactor(late, days));
  if (lateShare > 0)
    shares.push({ label: `${days} days late, ${late.freeDays} of them free`, share: lateShare });

  let left = earned;
  const deductions = shares.map(({ label, share }): Deduction => {
    const points = rounded(left * share);
    left = rounded(left - points);
    return { label, share, points };
  });
  return { earned: left, deductions };
}

/** Without the last bits of sums such as 0.1 + 0.2. */
function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
