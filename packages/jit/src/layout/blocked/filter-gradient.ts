/**
 * The filter gradient of a convolution as a blocked convolution.
 *
 * dw[kh, kw, i, o] = sum over n, h, w of x[n, s h + kh, s w + kw, i] dy[n, h, w, o] is a convolution whose input channels
 * are the images n, whose filter is dy (as large as the output plane), and whose dilation is the stride. To make one
 * convolution of it, the channels i of x stand beside each other within the width: column kw of channel i is
 * column kw c + i of a plane c times as wide, and the dilation along it is s c. Blocked x gives its blocks as the batch.
 */

import type { Value } from "../../graph/types.ts";
import { type Axis, reach } from "../../kernels/conv/spec.ts";
import type { LayoutPass, Rule } from "../pass.ts";
import { blockedOrder, NCHWC, wholeBlocks } from "./order.ts";
import { specOf } from "./spec.ts";

export const filterGradient: Rule = (pass, node) => {
  const [x, dy] = node.inputs as [Value, Value];
  const [out] = node.outputs as [Value];
  const { height, width, batch, inChannels, outChannels } = specOf(node);
  const { g, block: b } = pass;
  const images = wholeBlocks(batch, b);
  const co = wholeBlocks(outChannels, b);
  // Channels beside each other: those of a block, or all where there is less than a block.
  const beside = Math.min(inChannels, b);
  const groups = inChannels / beside;

  const planes = g.op(
    "ReorderInput",
    [imageChannels(pass, x, { images, beside, groups, axes: [height, width] })],
    {},
    { dtype: "float32", shape: [groups, images, seen(height), seen(width) * beside] },
    NCHWC,
  );
  const dw = g.op(
    "Conv",
    [planes, gradientFilter(pass, dy, images, co)],
    {
      kernel_shape: [height.output, width.output],
      strides: [1, 1],
      dilations: [height.stride, width.stride * beside],
      pads: [0, 0, 0, 0],
      group: 1,
    },
    { dtype: "float32", shape: [groups, co, height.kernel, width.kernel * beside] },
    NCHWC,
  );
  const taps = height.kernel * width.kernel;
  const split = g.reshape(dw, [groups, co / b, taps, beside, b]);
  const filter = g.reshape(g.transpose(split, [2, 0, 3, 1, 4]), [
    height.kernel,
    width.kernel,
    inChannels,
    co,
  ]);
  pass.define(out, g.slice(filter, [0], [outChannels], [3]));
};

/** How far the kernel reaches over the padded input. */
function seen({ output, stride, kernel }: Axis): number {
  return (output - 1) * stride + kernel;
}

interface Planes {
  images: number;
  beside: number;
  groups: number;
  axes: readonly [Axis, Axis];
}

/** x as [groups, images, h, w beside], padded by zeros to what the kernel sees and to whole blocks of images. */
function imageChannels(pass: LayoutPass, x: Value, { images, beside, groups, axes }: Planes): Value {
  const { g, block: b } = pass;
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const grouped =
    c < b
      ? g.reshape(pass.plain(x), [1, n, h, w, c])
      : g.transpose(pass.storedAs(x, blockedOrder([n, h, w, c], b)), [1, 0, 2, 3, 4]);
  const after = axes.map(reach) as [number, number];
  const used = g.slice(grouped, [0, 0], [h + Math.min(0, after[0]), w + Math.min(0, after[1])], [2, 3]);
  const before = [0, 0, axes[0].before, axes[1].before, 0];
  const padded = g.pad(used, before, [0, images - n, Math.max(0, after[0]), Math.max(0, after[1]), 0]);
  return g.reshape(padded, [groups, images, seen(axes[0]), seen(axes[1]) * beside]);
}

/** dy [n, oh, ow, co] in the filter layout of nchwc convolutions: [co/b, n/b, oh ow, b images, b channels]. */
function gradientFilter(pass: LayoutPass, dy: Value, images: number, co: number): Value {
  const { g, block: b } = pass;
  const [n, oh, ow, c] = dy.shape as [number, number, number, number];
  const blocks =
    c % b === 0
      ? pass.storedAs(dy, blockedOrder([n, oh, ow, c], b))
      : g.reshape(g.pad(pass.plain(dy), [0, 0, 0, 0], [0, 0, 0, co - c]), [n, 1, oh, ow, b]);
  const padded = g.pad(blocks, [0, 0, 0, 0, 0], [images - n, 0, 0, 0, 0]);
  const split = g.reshape(padded, [images / b, b, co / b, oh * ow, b]);
  return g.reshape(g.transpose(split, [2, 0, 3, 1, 4]), [co, images, oh, ow]);
}
