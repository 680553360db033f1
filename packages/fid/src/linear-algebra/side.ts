/** A positive semi-definite matrix S = F^T F, as S or as F, and how it is scaled for arithmetic of a limited range. */

/** S, `[dims, dims]`, or its factor F, `[rows, dims]`, both row by row. */
export type Side =
  | { kind: "factor"; rows: number; values: Float64Array }
  | { kind: "matrix"; values: Float64Array };

export interface Scale {
  /** e, such that no square of F / 2^e overflows or vanishes. */
  exponent: number;
  /** 2^-e for F, 4^-e for S. */
  scale: number;
}

export function scaleOf({ kind, values }: Side, dims: number): Scale {
  if (kind === "factor") {
    const exponent = exponentOf(largestMagnitude(values, 1));
    return { exponent, scale: 2 ** -exponent };
  }
  const exponent = Math.ceil(exponentOf(largestMagnitude(values, dims + 1)) / 2);
  return { exponent, scale: 4 ** -exponent };
}

function largestMagnitude(values: Float64Array, step: number): number {
  let largest = 0;
  for (let i = 0; i < values.length; i += step) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/** e with x <= 2^e; not below -1000, where 2^-e would be infinite. */
function exponentOf(x: number): number {
  return x === 0 ? 0 : Math.max(Math.ceil(Math.log2(x)), -1000);
}
