/** What several engines have in common. */

import type { KnownFailure } from "./failures.ts";

/** Tests of values that functions of one tensor, or of two, take at the ends of float32. */
export function edges(names: string[], symptom: string, suite: "unary" | "binary" = "unary"): KnownFailure {
  return { suite, test: new RegExp(`^edge values > (${names.join("|")})$`), symptom };
}

/** Tests of a kernel that the engine lacks: it says so. */
export function lacks(kernelName: string, suite: string, test: RegExp): KnownFailure {
  return { suite, test, symptom: `Kernel '${kernelName}' not registered for backend` };
}

/** The test holds einsum to its definition. */
export const eagerEinsum: KnownFailure = {
  suite: "einsum",
  test: /^einsum > any equation of (float32|int32)$/,
  symptom: 'tfjs leaves out a term without summed labels, as of "i,j->i"',
};
