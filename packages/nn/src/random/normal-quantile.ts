/**
 * The standard normal distribution's quantile function by operations that IEEE 754 rounds correctly (+ - * / sqrt), so that
 * it gives the same bits on every machine; `Math.log` and `Math.cos` may differ in their last bit between JavaScript engines.
 */

// Coefficients of PPND16, lowest power first: M. J. Wichura, "Algorithm AS 241: the percentage points of the normal
// distribution", Applied Statistics 37 (1988), 477-484. Relative error about 1e-16.
// The published digits that a double cannot hold are left off.
type Polynomial = readonly [number, number, number, number, number, number, number, number];
const CENTRE_NUMERATOR: Polynomial = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_DENOMINATOR: Polynomial = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const TAIL_NUMERATOR: Polynomial = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const TAIL_DENOMINATOR: Polynomial = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];

/** Half the width of the centre, in probability. */
const CENTRE = 0.425;
const TWO_32 = 0x1_0000_0000; // `2 ** n` need not be exact.

/**
 * The x with P(X <= x) = (word + 1/2) / 2^32 for a standard normal X. Increases with `word`; odd about the middle; |x| < 6.34.
 *
 * @param word an integer in [0, 2^32)
 */
export function normalQuantile(word: number): number {
  const signed = word - TWO_32 / 2;
  const q = (signed + 0.5) / TWO_32; // The probability less 1/2, exactly.
  if (Math.abs(q) <= CENTRE) {
    const r = CENTRE * CENTRE - q * q;
    return (q * evaluate(CENTRE_NUMERATOR, r)) / evaluate(CENTRE_DENOMINATOR, r);
  }
  // The smaller of the two tails' probabilities is k / 2^33. AS 241 has a third branch for those under e^-25 < 2^-33.
  const k = TWO_32 - Math.abs(2 * signed + 1);
  const r = Math.sqrt(negativeLog(k)) - 1.6;
  const x = evaluate(TAIL_NUMERATOR, r) / evaluate(TAIL_DENOMINATOR, r);
  return q < 0 ? -x : x;
}

/**
 * -ln(k / 2^33) for an integer k in [1, 2^31), with a relative error under 1e-15: k = 2^e m with m in [1/sqrt 2, sqrt 2), and
 * ln m = 2 artanh s with s = (m - 1) / (m + 1). As s^2 < 0.0295, the first term left out is below 1e-17 of the sum.
 */
export function negativeLog(k: number): number {
  let e = 31 - Math.clz32(k);
  let m = k / (1 << e);
  if (m > Math.SQRT2) {
    m /= 2;
    e++;
  }
  const s = (m - 1) / (m + 1);
  const t = s * s;
  let sum = 1 / 21;
  for (let odd = 19; odd >= 1; odd -= 2) sum = sum * t + 1 / odd;
  return (33 - e) * Math.LN2 - 2 * s * sum;
}

/** Horner's rule, written out: a loop would take twice as long. */
function evaluate(c: Polynomial, x: number): number {
  return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}
