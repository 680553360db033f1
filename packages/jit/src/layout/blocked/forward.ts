/** Convolution of blocked channels, with weights that are not constant. */

import type { Node, Value } from "../../graph/types.ts";
import { reach } from "../../kernels/conv/spec.ts";
import type { LayoutPass } from "../pass.ts";
import { isPlain } from "../view.ts";
import { blockedInput, channelsFirst, defineBlocked, inBlocks, NCHWC, wholeBlocks } from "./order.ts";
import { specOf } from "./spec.ts";
import { biasVector, blockedBias, fused, type Tail } from "./tail.ts";

export function writeForward(pass: LayoutPass, node: Node, { out, bias, activation }: Tail): void {
  const [x, filter] = node.inputs as [Value, Value];
  const spec = specOf(node);
  const { height, width, batch, inChannels, outChannels } = spec;
  const { g, block } = pass;

  const isPointwise = height.kernel * width.kernel * height.stride * width.stride === 1;
  const isUnpadded = [height, width].every((axis) => axis.before === 0 && reach(axis) === 0);
  if (isPointwise && isUnpadded && isPlain(pass.view(x))) {
    const rows = g.reshape(pass.plain(x), [batch * height.input * width.input, inChannels]);
    const product = g.matMul(rows, g.reshape(pass.plain(filter), [inChannels, outChannels]));
    const sum = bias ? g.add(product, biasVector(pass, bias)) : product;
    const y = activation ? g.unary(activation.type, sum, activation.attributes) : sum;
    pass.define(out, g.reshape(y, out.shape));
    return;
  }

  const taps = [height.kernel, width.kernel] as const;
  // Fewer channels than a block are read from NCHW.
  const input = inChannels < block ? pass.storedAs(x, channelsFirst(x.shape)) : blockedInput(pass, x);
  const y = g.op(
    "Conv",
    [
      input,
      blockedWeights(pass, pass.plain(filter), taps, inChannels, outChannels),
      ...blockedBias(pass, bias, outChannels),
    ],
    {
      kernel_shape: taps,
      strides: [height.stride, width.stride],
      dilations: [height.dilation, width.dilation],
      pads: [height.before, width.before, Math.max(0, reach(height)), Math.max(0, reach(width))],
      group: 1,
      ...fused(activation),
    },
    { dtype: "float32", shape: [batch, wholeBlocks(outChannels, block), height.output, width.output] },
    NCHWC,
  );
  defineBlocked(pass, out, y);
}

/** [kh kw, ci, co] or [kh, kw, ci, co] -> the filter layout of nchwc convolutions, named [co, ci, kh, kw]. */
export function blockedWeights(
  { g, block: b }: LayoutPass,
  filter: Value,
  [kh, kw]: readonly [number, number],
  ci: number,
  co: number,
): Value {
  const full = wholeBlocks(co, b);
  const padded = g.pad(g.reshape(filter, [kh * kw, ci, co]), [0, 0, 0], [0, 0, full - co]);
  if (ci < b) {
    const split = g.reshape(padded, [kh * kw, ci, full / b, b]);
    return g.reshape(g.transpose(split, [2, 1, 0, 3]), [full, ci, kh, kw]);
  }
  const blocks = inBlocks(g, g.reshape(padded, [1, kh * kw * ci, full]), b, "columns"); // [1, co/b, kh kw ci, b]
  const split = g.reshape(blocks, [full / b, kh * kw, ci / b, b * b]);
  return g.reshape(g.transpose(split, [0, 2, 1, 3]), [full, ci, kh, kw]);
}
