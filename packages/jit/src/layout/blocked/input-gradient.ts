/**
 * The input gradient of a convolution, which is also the transposed convolution: for each phase of the stride one
 * convolution over dy, its results interleaved (`phasesOf`). No multiplication by an inserted zero, none outside the plane.
 */

import type { Node, Value } from "../../graph/types.ts";
import type { LayoutPass } from "../pass.ts";
import { blockedBias } from "./bias.ts";
import { blockedWeights, channelsFirst } from "./forward.ts";
import { blockedInput, defineBlocked, NCHWC, wholeBlocks } from "./order.ts";
import { type Phase, phasesOf, specOf } from "./spec.ts";

export function writeInputGradient(pass: LayoutPass, node: Node, out: Value, bias?: Value): void {
  const [dy, filter] = node.inputs as [Value, Value];
  const { height, width, batch, inChannels, outChannels } = specOf(node);
  const { g, block: b } = pass;
  const [rows, columns] = [height.input / height.stride, width.input / width.stride];
  const channels = wholeBlocks(inChannels, b);

  // [kh kw, co, ci]: the convolution over dy goes from co channels to ci.
  const swapped = g.transpose(
    g.reshape(pass.plain(filter), [height.kernel * width.kernel, inChannels, outChannels]),
    [0, 2, 1],
  );
  const input = outChannels < b ? pass.storedAs(dy, channelsFirst(dy.shape)) : blockedInput(pass, dy);
  const phase = (v: Phase, h: Phase): Value => {
    const taps = v.taps.flatMap((i) => h.taps.map((j) => i * width.kernel + j));
    const size = [v.taps.length, h.taps.length] as const;
    return g.op(
      "Conv",
      [
        input,
        blockedWeights(pass, pick(pass, swapped, taps), size, outChannels, inChannels),
        ...blockedBias(pass, bias, inChannels),
      ],
      {
        kernel_shape: size,
        strides: [1, 1],
        dilations: [1, 1],
        pads: [v.padBefore, h.padBefore, v.padAfter, h.padAfter],
        group: 1,
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
