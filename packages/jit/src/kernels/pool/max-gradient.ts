/**
 * The gradient of max pooling: each window's gradient goes to its largest element, among equal ones to the first in
 * row-major order. After a ReLU ties are common, so which one it is matters.
 */

import type { GraphBuilder } from "../../graph/builder.ts";
import { sizeOf, type Value } from "../../graph/types.ts";
import { type ConvSpec, NHWC_TO_NCHW, reach } from "../conv/spec.ts";
import type { Target } from "../lowering.ts";
import { imageOf, type Planes, planesOf, pooled } from "./spec.ts";

/** ONNX's MaxPool with the second output: the position of each maximum in the flattened NCHW tensor, the first of equals. */
export function maxPositions(g: GraphBuilder, { x, attributes, shape }: Planes, spec: ConvSpec): Value {
  const [, positions] = g.ops("MaxPool", [x], attributes, [
    { dtype: "float32", shape },
    { dtype: "int64", shape },
  ]);
  return pooled(g, positions!, spec);
}

/**
 * Scatters dy to the positions of the maxima. For 2x2 windows of [32, 28, 28, 128] that takes the CPU 14 ms, where the
 * forms that compare elements with their window's maximum take 42 to 125 ms; for overlapping 3x3 windows 33 against 219.
 * @param x [n, h, w, c]  @param dy [n, oh, ow, c]  @returns [n, h, w, c]
 */
export function scatterToMaxima(g: GraphBuilder, x: Value, dy: Value, spec: ConvSpec, target: Target): Value {
  const planes = planesOf(g, x, spec, Number.NEGATIVE_INFINITY);
  const positions = maxPositions(g, planes, spec);
  const gradient = g.transpose(dy, NHWC_TO_NCHW);
  const shape = planes.x.shape;
  // Windows that do not overlap write to each element once, which MaxUnpool does faster; CUDA's provider lacks it.
  const isDisjoint = [spec.height, spec.width].every((axis) => axis.kernel <= axis.stride);
  const dx =
    isDisjoint && target !== "cuda"
      ? g.op("MaxUnpool", [gradient, positions, g.ints(shape)], planes.attributes, {
          dtype: "float32",
          shape,
        })
      : scatterAdd(g, gradient, positions, shape);
  return imageOf(g, dx, planes.origin, spec);
}

function scatterAdd(g: GraphBuilder, updates: Value, positions: Value, shape: readonly number[]): Value {
  const [size, count] = [sizeOf(shape), sizeOf(updates.shape)];
  const inputs = [g.fill(0, "float32", [size]), g.reshape(positions, [count]), g.reshape(updates, [count])];
  const sums = g.op(
    "ScatterElements",
    inputs,
    { axis: 0, reduction: "add" },
    { dtype: "float32", shape: [size] },
  );
  return g.reshape(sums, shape);
}

/**
 * The same with nothing but elementwise operators, for devices that report no positions: tap by tap, the windows whose
 * maximum is at that tap give their gradient away.
 * @param x [n, h, w, c]  @param y, dy [n, oh, ow, c]  @returns [n, h, w, c]
 */
export function compareWithMaxima(g: GraphBuilder, x: Value, y: Value, dy: Value, spec: ConvSpec): Value {
  const { height, width } = spec;
  const axes = [height, width];
  const before = axes.map((axis) => axis.before);
  const after = axes.map((axis) => Math.max(0, reach(axis)));
  const [image, maxima, gradient] = [x, y, dy].map((v) => g.transpose(v, NHWC_TO_NCHW)) as [
    Value,
    Value,
    Value,
  ];
  const padded = g.pad(image, [0, 0, ...before], [0, 0, ...after], Number.NEGATIVE_INFINITY);
  const zero = g.float(0);
  let remaining = gradient;
  let dx: Value | undefined;
  for (let i = 0; i < height.kernel; i++) {
    for (let j = 0; j < width.kernel; j++) {
      const seen = tapOf(g, padded, i, j, spec);
      const isMaximum = g.elementwise("Equal", [seen, maxima], "bool");
      const spread = spreadByStride(g, g.where(isMaximum, remaining, zero), spec);
      const placed = g.pad(spread, [0, 0, i, j], [0, 0, height.kernel - 1 - i, width.kernel - 1 - j]);
      dx = dx ? g.add(dx, placed) : placed;
      remaining = g.where(isMaximum, zero, remaining);
    }
  }
  // What no window read has no gradient.
  const unread = axes.map((axis) => Math.max(0, -reach(axis)));
  return imageOf(g, g.pad(dx!, [0, 0, 0, 0], [0, 0, ...unread]), before, spec);
}

/**
 * Where each window's first maximum is in its plane, in row-major order, for devices that report no positions.
 * @param x [n, h, w, c]  @param y [n, oh, ow, c]  @returns int32 [n, c, oh, ow]
 */
export function firstMaxima(g: GraphBuilder, x: Value, y: Value, spec: ConvSpec): Value {
  const { height, width } = spec;
  const axes = [height, width];
  const [image, maxima] = [x, y].map((v) => g.transpose(v, NHWC_TO_NCHW)) as [Value, Value];
  const before = axes.map((axis) => axis.before);
  const after = axes.map((axis) => Math.max(0, reach(axis)));
  const padded = g.pad(image, [0, 0, ...before], [0, 0, ...after], Number.NEGATIVE_INFINITY);
  let offset = g.fill(0, "int32", maxima.shape);
  // From the last tap to the first, so that the first of equal elements stays.
  for (let tap = height.kernel * width.kernel - 1; tap >= 0; tap--) {
    const [i, j] = [Math.floor(tap / width.kernel), tap % width.kernel];
    const isMaximum = g.elementwise("Equal", [tapOf(g, padded, i, j, spec), maxima], "bool");
    offset = g.where(isMaximum, g.fill(i * width.input + j, "int32"), offset);
  }
  const corners = Int32Array.from({ length: height.output * width.output }, (_, k) => {
    const [row, column] = [Math.floor(k / width.output), k % width.output];
    return (row * height.stride - height.before) * width.input + column * width.stride - width.before;
  });
  return g.add(offset, g.constant(corners, "int32", [1, 1, height.output, width.output]));
}

/** What each window sees at its row i and column j: [n, c, oh, ow]. */
function tapOf(g: GraphBuilder, padded: Value, i: number, j: number, { height, width }: ConvSpec): Value {
  const axes = [height, width];
  const ends = axes.map((axis, k) => [i, j][k]! + (axis.output - 1) * axis.stride + 1);
  const strides = axes.map((axis) => axis.stride);
  return g.slice(padded, [i, j], ends, [2, 3], strides);
}

/** [n, c, oh, ow] -> [n, c, oh sh, ow sw] with zeros between. */
function spreadByStride(g: GraphBuilder, x: Value, { height, width }: ConvSpec): Value {
  const [n, c, oh, ow] = x.shape as [number, number, number, number];
  const cells = g.reshape(x, [n, c, oh, 1, ow, 1]);
  const spread = g.pad(cells, [0, 0, 0, 0, 0, 0], [0, 0, 0, height.stride - 1, 0, width.stride - 1]);
  return g.reshape(spread, [n, c, oh * height.stride, ow * width.stride]);
}
