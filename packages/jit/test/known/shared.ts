import type { KnownFailure } from "./failures.ts";

/** Tests of values that functions of one tensor, or of two, take at the ends of float32. */
export function edges(names: string[], symptom: string, suite: "unary" | "binary" = "unary"): KnownFailure {
  return { suite, test: new RegExp(`^edge values > (${names.join("|")})$`), symptom };
}
