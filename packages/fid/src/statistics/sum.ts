/** Sums that lose nothing to the order of their terms. */

/** Sum of term(0) ... term(n - 1) with compensation (Neumaier, 1974): right to about one rounding. */
export function compensatedSum(n: number, term: (i: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const x = term(i);
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  return sum + lost;
}
