/**
 * The input gradient of a convolution, which is also the transposed convolution: for each phase of the stride one
 * convolution over dy, its results interleaved (`phasesOf`). No multiplication by an inserted zero, none outside the plane.
 */

import type { Node, Value } from "../../graph/types.ts";
import type { LayoutPass } from "../pass.ts";
import { blockedWeights } from "./forward.ts";
import { blockedInput, channelsFirst, defineBlocked, inBlocks, NCHWC, wholeBlocks } from "./order.ts";
import { type Phase, phasesOf, specOf } from "./spec.ts";
import { blockedBias, fused, type Tail } from "./tail.ts";

export function writeInputGradient(pass: LayoutPass, node: Node, { out, bias, activation }: Tail): void {
  const [dy, filter] = node.inputs as [Value, Value];
  const { height, width, batch, inChannels, outChannels } = specOf(node);
  const { g, block: b } = pass;
  const [rows, columns] = [height.input / height.stride, width.input / width.stride];
  const channels = wholeBlocks(inChannels, b);

  const weights = swappedWeights(pass, pass.plain(filter), [
    height.kernel * width.kernel,
    inChannels,
    outChannels,
  ]);
  const input = outChannels < b ? pass.storedAs(dy, channelsFirst(dy.shape)) : blockedInput(pass, dy);
  const phase = (v: Phase, h: Phase): Value => {
    const taps = v.taps.flatMap((i) => h.taps.map((j) => i * width.kernel + j));
    const size = [v.taps.length, h.taps.length] as const;
    return g.op(
      "Conv",
      [input, weights(taps, size), ...blockedBias(pass, bias, inChannels)],
      {
        kernel_shape: size,
        strides: [1, 1],
        dilations: [1, 1],
        pads: [v.padBefore, h.padBefore, v.padAfter, h.padAfter],
        group: 1,
        ...fused(activation),
      },
      { dtype: "float32", shape: [batch, channels, rows, columns] },
      NCHWC,
    );
  };

  const lines = phasesOf(height)!.map((v) => {
    const parts = phasesOf(width)!.map((h) =>
      g.reshape(phase(v, h), [batch, channels / b, rows, 1, columns, 1, b]),
    );
    return g.concat(parts, 5);
  });
  const whole = g.concat(lines, 3); // [n, ci/b, rows, stride, columns, stride, b]
  defineBlocked(pass, out, g.reshape(whole, [batch, channels, height.input, width.input]));
}

type Size = readonly [number, number];

/** Of a filter [kh kw, ci, co]: the filter of a convolution from co channels to ci with some of its taps. */
function swappedWeights(
  pass: LayoutPass,
  filter: Value,
  [taps, ci, co]: readonly [number, number, number],
): (chosen: readonly number[], size: Size) => Value {
  const { g, block: b } = pass;
  const byTap = g.reshape(filter, [taps, ci, co]);
  if (ci % b !== 0 || co % b !== 0) {
    const swapped = g.transpose(byTap, [0, 2, 1]);
    return (chosen, size) => blockedWeights(pass, pick(pass, swapped, chosen), size, co, ci);
  }
  const blocks = inBlocks(g, byTap, b, "rows"); // [kh kw, ci/b, co, b]
  const whole = g.reshape(blocks, [taps, (ci * co) / (b * b), b * b]);
  return (chosen, size) => g.reshape(g.transpose(pick(pass, whole, chosen), [1, 0, 2]), [ci, co, ...size]);
}

/** Rows of a tensor, by constant index. */
function pick({ g }: LayoutPass, x: Value, rows: readonly number[]): Value {
  if (rows.length === x.shape[0] && rows.every((row, i) => row === i)) return x;
  const index = g.constant(Int32Array.from(rows), "int32", [rows.length]);
  return g.op(
    "Gather",
    [x, index],
    { axis: 0 },
    { dtype: x.dtype, shape: [rows.length, ...x.shape.slice(1)] },
  );
}
