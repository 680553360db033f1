/** Rules for the convolutions that tracing leaves to layout propagation. */

import type { Rule } from "../pass.ts";
import { filterGradient } from "./filter-gradient.ts";
import { writeForward } from "./forward.ts";
import { writeInputGradient } from "./input-gradient.ts";
import { withTail } from "./tail.ts";

export const BLOCKED_RULES: Readonly<Record<string, Rule>> = {
  BlockedConv: withTail(writeForward),
  BlockedConvInputGradient: withTail(writeInputGradient),
  BlockedConvFilterGradient: filterGradient,
};
