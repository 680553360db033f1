/** The one number that a gradebook takes of a student. */

import { type ClassGrading, possibleOf, type StudentGrading } from "../grading/class-grading.ts";

export interface Score {
  /** Before late days and penalties. */
  raw: number;
  /** What these took off. */
  off: number;
  /** What is left. */
  final: number;
  possible: number;
}

/** Undefined where there is none yet: of a student who is excused, or of whom something could not be graded. */
export function scoreOf({ status, grading: { points } }: StudentGrading): Score | undefined {
  if (status === "excused" || points === undefined || points.open > 0) return undefined;
  const off = points.deductions.reduce((sum, each) => sum + each.points, 0);
  return { raw: tidy(points.earned + off), off: tidy(off), final: points.earned, possible: points.possible };
}

/**
 * Of a gradebook with one maximum for everyone. A student who is excused from some problems gets the same share of it as of the rest: these do
 * not count.
 */
export function scaledScore(grading: ClassGrading, student: StudentGrading): number | undefined {
  const score = scoreOf(student);
  const whole = possibleOf(grading);
  if (score === undefined || score.possible === whole || score.possible === 0) return score?.final;
  return tidy((score.final / score.possible) * whole);
}

/** Without the last bits of sums such as 0.1 + 0.2. */
const tidy = (value: number) => Math.round(value * 1e9) / 1e9;
