/** Points: a rubric's expressions over metrics, totals, penalties and late days. */

export { UnknownPenaltyError } from "./errors.ts";
export { type Expression, FUNCTIONS, parseExpression } from "./expression.ts";
export { type Deduction, daysLate, deduct, lateFactor, type Points, totalPoints } from "./points.ts";
export { type RubricInput, scoreRubric } from "./score-rubric.ts";
