/** Which convolutions the blocked lowerings take, and how a convolution's sizes travel through the graph. */

import type { Attribute, Node } from "../../graph/types.ts";
import { type Axis, type ConvSpec, room } from "../../kernels/conv/spec.ts";

/** Domain of operators that only exist between tracing and layout propagation. */
export const INTERNAL = "touchstone";

export function specAttributes(spec: ConvSpec): Record<string, Attribute> {
  return { spec: JSON.stringify(spec) };
}

export function specOf(node: Node): ConvSpec {
  return JSON.parse(node.attributes.spec as string) as ConvSpec;
}

/** Filter gradients have the batch in blocks: a small one would be mostly padding. */
const MIN_BATCH = 8;

/** Channels are whole blocks, or less than one. */
function fitsChannels(channels: number, block: number): boolean {
  return channels % block === 0 || channels < block;
}

export function fitsBlocked(spec: ConvSpec, block: number): boolean {
  if (block === 0 || !fitsChannels(spec.inChannels, block) || !fitsChannels(spec.outChannels, block))
    return false;
  return [spec.height, spec.width].every((axis) => room(axis) === axis.output);
}

export function fitsBlockedInputGradient(spec: ConvSpec, block: number): boolean {
  const axes = [spec.height, spec.width];
  if (!fitsBlocked(spec, block) || axes.some(({ dilation }) => dilation !== 1)) return false;
  return axes.every(
    (axis) => axis.kernel >= axis.stride && axis.input % axis.stride === 0 && phasesOf(axis) !== undefined,
  );
}

export function fitsBlockedFilterGradient(spec: ConvSpec, block: number): boolean {
  const axes = [spec.height, spec.width];
  return fitsBlocked(spec, block) && spec.batch >= MIN_BATCH && axes.every(({ dilation }) => dilation === 1);
}

/** The inputs i with (i + before) mod stride = r: which taps reach them and how dy is padded to compute them. */
export interface Phase {
  /** Kernel positions, in the order in which a convolution over dy meets them. */
  readonly taps: readonly number[];
  readonly padBefore: number;
  readonly padAfter: number;
}

/**
 * Input i = stride q + r - before receives the sum over m of dy[q - m] w[stride m + r]: for each phase r a convolution over
 * dy. In the order of their first inputs 0, 1, ..., stride - 1; undefined where one would have to crop dy.
 */
export function phasesOf({ input, output, kernel, stride, before }: Axis): Phase[] | undefined {
  const phases: Phase[] = [];
  for (let first = 0; first < stride; first++) {
    const r = (first + before) % stride;
    const q = (first + before - r) / stride;
    const count = Math.ceil((kernel - r) / stride);
    const taps = Array.from({ length: count }, (_, t) => r + stride * (count - 1 - t));
    const padBefore = count - 1 - q;
    const padAfter = q + input / stride - output;
    if (count === 0 || padBefore < 0 || padAfter < 0) return undefined;
    phases.push({ taps, padBefore, padAfter });
  }
  return phases;
}
