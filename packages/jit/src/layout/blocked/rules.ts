/** Rules for the convolutions that tracing leaves to layout propagation. */

import type { Rule } from "../pass.ts";
import { filterGradient } from "./filter-gradient.ts";
import { writeForward } from "./forward.ts";
import { writeInputGradient } from "./input-gradient.ts";
import { writeWithTail } from "./tail.ts";

export const BLOCKED_RULES: Readonly<Record<string, Rule>> = {
  BlockedConv: (pass, node) => writeWithTail(pass, node, (tail) => writeForward(pass, node, tail)),
  BlockedConvInputGradient: (pass, node) =>
    writeWithTail(pass, node, (tail) => writeInputGradient(pass, node, tail)),
  BlockedConvFilterGradient: filterGradient,
};
