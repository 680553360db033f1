/** Learning rates by step. Plain functions outside of the compiled step, which takes the rate as a tensor. */

import { OptionError } from "../errors.ts";
import { requireRange } from "./optimizer.ts";

/** The learning rate of a step, counted from 0. */
export type Schedule = (step: number) => number;

export function constantRate(rate: number): Schedule {
  requireRange("rate", rate);
  return () => rate;
}

/** `rate`, times `gamma` at each milestone: torch's MultiStepLR. One that is named twice counts twice. */
export function multiStep(rate: number, milestones: readonly number[], { gamma = 0.1 } = {}): Schedule {
  requireRange("rate", rate);
  requireRange("gamma", gamma);
  return (step) => rate * gamma ** milestones.filter((milestone) => milestone <= step).length;
}

/** Half a cosine from `rate` down to `floor` in so many steps (Loshchilov and Hutter 2017, equation 5), and `floor` from then on. */
export function cosine(rate: number, steps: number, { floor = 0 } = {}): Schedule {
  requireRange("rate", rate);
  requireRange("floor", floor);
  requireCount(steps);
  return (step) => {
    const done = Math.min(1, step / steps);
    return floor + ((rate - floor) * (1 + Math.cos(Math.PI * done))) / 2;
  };
}

/**
 * For so many steps a straight line from `from` times the first rate of `schedule` up to all of it, then `schedule` from its start:
 * torch's LinearLR and the schedule in a SequentialLR.
 */
export function warmUp(schedule: Schedule, steps: number, { from = 0 } = {}): Schedule {
  requireRange("from", from);
  requireCount(steps);
  return (step) =>
    step < steps ? schedule(0) * (from + (1 - from) * (step / steps)) : schedule(step - steps);
}

function requireCount(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1)
    throw new OptionError("steps", "a whole number, 1 or more", steps);
}
