/** The results of a grading run: what is recorded, and the one thing that every reporter and the gate read. */

import type { ReportItem } from "../assignment/index.ts";
import type { RunOutcome } from "../run/request.ts";

/** JSON all through: a number that is not finite is null, with the reason in `problem`. */
export interface Grading {
  assignment: { id: string; title: string; sha256: string };
  submission: { id: string };
  results: ProblemResult[];
  /** Of a submission; the built-in models are compared and not marked. */
  points?: Total;
  /** Versions and hardware: `node`, `touchstone`, `cpu`, `cores`, `gpu` where there is one. */
  environment: Readonly<Record<string, string | number>>;
}

export interface Total {
  /** After deductions. */
  earned: number;
  /** Of the lines that are decided. */
  possible: number;
  /** Of the lines that are not. */
  open: number;
  /** What penalties and late days took off, in this order. */
  deductions: { label: string; points: number }[];
  /** What these follow from: days after the deadline, and names of the assignment's penalties. */
  given: { daysLate?: number; penalties?: readonly string[] };
}

export type Status =
  /** Run and scored. */
  | "graded"
  /** The submission's fault: over a limit, crashed, wrong output. Its points are lost. */
  | "failed"
  /** Not the submission's fault (weights missing, disk full): no points are taken. */
  | "not-gradable";

/** One problem, run by one variant: P1 by DCGAN; P3 by DANN for SVHN. */
export interface ProblemResult {
  /** `p1`. */
  problem: string;
  title: string;
  /** A row of the table: `DCGAN`, `source-only`; a student's submission has one, called `submission`. */
  variant: string;
  /** A second axis of the table, where there is one: P3's target. */
  column?: string;
  status: Status;
  /** Why it failed or could not be graded, one sentence each, the most important first. */
  reasons: string[];
  run?: RunOutcome;
  /** The wall-clock limit, to show beside the time used. */
  limitSeconds?: number;
  findings: Finding[];
  metrics: Metric[];
  points: PointsLine[];
  /** What people grade, in the report that is handed in beside the submission. */
  byHand?: readonly ReportItem[];
  /** Seconds of each phase of ours: `copy`, `run`, `validate`, `score`. */
  phases: Readonly<Record<string, number>>;
  /** sha256 of all that the run follows from: command, limits, submission, version. The same key: what it made is scored, and not made again. */
  runKey: string;
  /** sha256 of all that the result follows from: the run, what is measured, references, weights. The same key: the same result. */
  key: string;
  /** ISO 8601. */
  gradedAt: string;
}

/** Something about the output that is not as it should be. */
export interface Finding {
  /** Stable: `count`, `name`, `size`, `format`, `unreadable`, `duplicate`, `missing-row`. */
  code: string;
  severity: "error" | "warning";
  /** One sentence: what was expected, what was found. */
  message: string;
  /** The files concerned, at most 20 of them. */
  files: string[];
  /** How many files are concerned in all. */
  total: number;
}

export interface Metric {
  /** Stable, and the name in a rubric's expressions: `fid`, `kid`, `face_rate`, `accuracy`, `accuracy_3`. */
  name: string;
  /** As a person reads it: `FID-768`. */
  label: string;
  /** Null where it could not be computed; `problem` then says why. */
  value: number | null;
  problem?: string;
  /**
   * Set where it is our side that it could not be computed: `lasting` where that follows from what the key is made of (a reference that is not
   * there), `passing` where the same command may find it mended (a download that failed).
   */
  fault?: "passing" | "lasting";
  /** At 95 %. */
  interval?: readonly [number, number];
  /** Images or rows it was computed from. */
  n: number;
  better: "lower" | "higher";
  unit?: "share" | "seconds" | "images/s";
  /** All that must be the same for two values to be compared. */
  protocol: Readonly<Record<string, string | number | boolean>>;
  /** Of a metric that is one part of another: accuracy's of the digit 3. */
  part?: { of: string; name: string };
  /** What the homework's report, a paper or another student had, by name: `report`, `best published`. */
  published?: Readonly<Record<string, number>>;
  /** Of a distance, what subsets of the images give, the last of them all: its bias falls with their number. */
  byCount?: readonly { n: number; value: number }[];
}

export interface PointsLine {
  /** `FID below 27 (strong baseline)`. */
  label: string;
  earned: number;
  possible: number;
  /** The expression, and what it was computed from: `2.5 * (fid < 27)`, `fid = 26.1`. */
  because: string;
  /** Set where it could not be decided: neither earned nor lost. */
  undecided?: string;
}
