/** Rules for the convolutions that tracing leaves to layout propagation. */

import type { Node, Value } from "../../graph/types.ts";
import type { LayoutPass, Rule } from "../pass.ts";
import { addedBias, deferringBias } from "./bias.ts";
import { filterGradient } from "./filter-gradient.ts";
import { writeForward } from "./forward.ts";
import { writeInputGradient } from "./input-gradient.ts";

type Write = (pass: LayoutPass, node: Node, out: Value, bias?: Value) => void;

const WRITE: Readonly<Record<string, Write>> = {
  BlockedConv: writeForward,
  BlockedConvInputGradient: writeInputGradient,
};

export const BLOCKED_RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.entries(WRITE).map(([type, write]) => [type, deferringBias(write)])),
  BlockedConvFilterGradient: filterGradient,
};

/** Writes a sum whose convolution was deferred; false for any other node. */
export function writeBiased(pass: LayoutPass, sum: Node): boolean {
  for (const value of sum.inputs) {
    const convolution = value && pass.deferredNode(value);
    if (!convolution) continue;
    WRITE[convolution.type]!(pass, convolution, sum.outputs[0]!, addedBias(sum, value)!);
    return true;
  }
  return false;
}
