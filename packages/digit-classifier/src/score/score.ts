/** Accuracy of digit images: how many are read as the digit that they are meant to be. */

import { type Interval, wilsonInterval } from "./wilson.ts";

export const DIGITS = 10;

/** One image that was to be read. */
export interface Reading {
  file: string;
  /** The digit it is meant to be, 0 to 9. */
  label: number;
  /** The digit it was read as, with the probability the classifier gave it; undefined where the file could not be read. */
  read?: { digit: number; probability: number };
}

export interface Accuracy {
  count: number;
  correct: number;
  /** correct / count; NaN without images. */
  accuracy: number;
  /** 95 %. */
  interval: Interval;
}

export interface DigitScore extends Accuracy {
  /** Entry d: the images that are meant to be d. */
  perDigit: Accuracy[];
  /** `[label][digit read]`, 10 x 10; a file that could not be read is in no cell. */
  confusion: number[][];
  misread: Reading[];
  /** Files that could not be read: they count as misread. */
  unreadable: Reading[];
}

export function scoreReadings(readings: readonly Reading[]): DigitScore {
  const confusion = Array.from({ length: DIGITS }, () => new Array<number>(DIGITS).fill(0));
  const counts = new Array<number>(DIGITS).fill(0);
  const misread: Reading[] = [];
  const unreadable: Reading[] = [];
  for (const reading of readings) {
    counts[reading.label]!++;
    if (!reading.read) unreadable.push(reading);
    else {
      confusion[reading.label]![reading.read.digit]!++;
      if (reading.read.digit !== reading.label) misread.push(reading);
    }
  }
  const perDigit = counts.map((count, digit) => accuracy(confusion[digit]![digit]!, count));
  const correct = perDigit.reduce((sum, digit) => sum + digit.correct, 0);
  return { ...accuracy(correct, readings.length), perDigit, confusion, misread, unreadable };
}

function accuracy(correct: number, count: number): Accuracy {
  return { count, correct, accuracy: correct / count, interval: wilsonInterval(correct, count) };
}
