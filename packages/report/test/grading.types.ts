/** Checked by the compiler alone: what the grader and the digit classifier make is what a page can be made of. */

import type { DigitScore } from "../../digit-classifier/src/score/score.ts";
import type { Table as GraderTable } from "../../grader/src/reporters/table.ts";
import type { Grading } from "../../grader/src/results/results.ts";
import type { GradingInput, RunOutput, Table } from "../src/index.ts";

type Fits<Made extends Wanted, Wanted> = Made;

export type Fitting = [
  Fits<Grading, GradingInput>,
  Fits<GraderTable, Table>,
  Fits<DigitScore, NonNullable<RunOutput["digits"]>>,
];
