/** Files named `<digit>_<number>.png`: which are missing, which are surplus. */

import { DIGITS } from "./score.ts";

export interface Numbering {
  /** Names that the numbering lacks, such as `3_017`. */
  missing: string[];
  /** Files beyond the count that is wanted of each digit, or with a number that another file of the digit has too. */
  surplus: string[];
}

const NAME = /^(\d)_(\d+)\.[^.]+$/;

/**
 * Checks that every digit has the numbers `first` ... `first + perDigit - 1`, where `first` is 0 if any file has the number 0,
 * else 1: both numberings are in use. Names of another form are not looked at. A folder before the name is.
 *
 * @param perDigit images wanted of each digit; default: as many as the digit that has most
 */
export function checkNumbering(files: readonly string[], perDigit?: number): Numbering {
  const digits = Array.from({ length: DIGITS }, () => new Map<number, string[]>());
  let width = 1;
  for (const file of files) {
    const match = NAME.exec(basename(file));
    if (!match) continue;
    const [, digit = "", number = ""] = match;
    width = Math.max(width, number.length);
    const numbers = digits[Number(digit)]!;
    numbers.set(Number(number), [...(numbers.get(Number(number)) ?? []), file]);
  }
  const wanted = perDigit ?? Math.max(...digits.map((numbers) => numbers.size));
  const first = digits.some((numbers) => numbers.has(0)) ? 0 : 1;

  const missing: string[] = [];
  const surplus: string[] = [];
  for (const [digit, numbers] of digits.entries()) {
    for (let n = first; n < first + wanted; n++) {
      if (!numbers.has(n)) missing.push(`${digit}_${String(n).padStart(width, "0")}`);
    }
    for (const [n, [, ...again]] of numbers) surplus.push(...(n < first + wanted ? again : numbers.get(n)!));
  }
  return { missing, surplus };
}

function basename(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
