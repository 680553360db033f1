/** Rules for the convolutions that tracing leaves to layout propagation. */

import type { Rule } from "../pass.ts";
import { filterGradient } from "./filter-gradient.ts";
import { forward } from "./forward.ts";
import { inputGradient } from "./input-gradient.ts";

export const BLOCKED_RULES: Readonly<Record<string, Rule>> = {
  BlockedConv: forward,
  BlockedConvInputGradient: inputGradient,
  BlockedConvFilterGradient: filterGradient,
};
