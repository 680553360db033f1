/** Gradients of operations that move elements: each is the movement back. */

import * as tf from "@tensorflow/tfjs";
import { resolveStridedSlice } from "../strided-slice.ts";
import { gradient, range } from "./gradient.ts";

/** From [n, h, w, c] to [n, h/s, w/s, c s s]. tfjs's kernel knows NHWC only. */
const depthToSpace = gradient("DepthToSpace", [], (dy, _, { blockSize: s }) => ({
  x: () => {
    const [n, h, w, c] = dy.shape as [number, number, number, number];
    const blocks = tf.reshape(dy, [n, h / s, s, w / s, s, c]);
    return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [n, h / s, w / s, s * s * c]);
  },
}));

const flipLeftRight = gradient("FlipLeftRight", [], (dy) => ({ image: () => tf.reverse(dy, 2) }));

/** Along each axis: dy with zeros in the gaps of the stride, at the place where the slice began. */
const stridedSlice = gradient("StridedSlice", ["x"], (dy, [x], attrs) => ({
  x: () => {
    const { begin, end, strides } = resolveStridedSlice(x!.shape, attrs);
    if (dy.size === 0) return tf.zeros(x!.shape);
    return range(x!.rank).reduce(
      (y, axis) => spread(y, axis, begin[axis]!, strides[axis]!, x!.shape[axis]!),
      tf.reshape(dy, tf.slice_util.computeOutShape(begin, end, strides)),
    );
  },
}));

/** Element i of the axis goes to begin + i stride of an axis of this length. */
function spread(y: tf.Tensor, axis: number, begin: number, stride: number, length: number): tf.Tensor {
  if (stride < 0) {
    const last = begin + (y.shape[axis]! - 1) * stride;
    return spread(tf.reverse(y, axis), axis, last, -stride, length);
  }
  const n = y.shape[axis]!;
  const reach = (n - 1) * stride + 1;
  const dilated =
    stride === 1
      ? y
      : take(
          tf.reshape(
            pad(tf.expandDims(y, axis + 1), axis + 1, 0, stride - 1),
            y.shape.toSpliced(axis, 1, n * stride),
          ),
          axis,
          0,
          reach,
        );
  return pad(dilated, axis, begin, length - begin - reach);
}

function pad(x: tf.Tensor, axis: number, before: number, after: number): tf.Tensor {
  if (before === 0 && after === 0) return x;
  return tf.pad(
    x,
    x.shape.map((_, i): [number, number] => (i === axis ? [before, after] : [0, 0])),
  );
}

function take(x: tf.Tensor, axis: number, start: number, size: number): tf.Tensor {
  return tf.slice(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map((dim, i) => (i === axis ? size : dim)),
  );
}

export const movementGradients: readonly tf.GradConfig[] = [depthToSpace, flipLeftRight, stridedSlice];

/** tfjs's only cuts out the middle: the gradient of the mirrored copies is lost. */
const mirrorPad = gradient("MirrorPad", [], (dy, _, { paddings, mode }) => ({
  x: () =>
    (paddings as [number, number][]).reduce(
      (y, [before, after], axis) => foldBack(y, axis, before, after, mode === "reflect" ? 1 : 0),
      dy,
    ),
}));

/** Adds the mirrored ends of an axis to the elements they are copies of; `gap` elements at the border have none. */
function foldBack(y: tf.Tensor, axis: number, before: number, after: number, gap: number): tf.Tensor {
  const length = y.shape[axis]! - before - after;
  const ends = [
    { size: before, from: 0, to: gap },
    { size: after, from: before + length, to: length - after - gap },
  ];
  return ends
    .filter(({ size }) => size > 0)
    .reduce(
      (sum, { size, from, to }) => {
        const copy = tf.reverse(take(y, axis, from, size), axis);
        return tf.add(sum, pad(copy, axis, to, length - to - size));
      },
      take(y, axis, before, length),
    );
}

/** tfjs hands the gradient of an operation with several results over as a list, but not where there is only one. */
const splitV = gradient<tf.Tensor | tf.Tensor[]>("SplitV", [], (dys, _, { axis }) => ({
  x: () => tf.concat([dys].flat(), axis),
}));

const unpack = gradient<tf.Tensor | tf.Tensor[]>("Unpack", [], (dys, _, { axis }) => ({
  value: () => tf.stack([dys].flat(), axis),
}));

/** tfjs's takes one slice for each repeat, up to rank 4: here a sum over an axis of repeats. */
const tile = gradient("Tile", ["x"], (dy, [x], { reps }) => ({
  x: () => {
    const missing = dy.rank - x!.rank;
    const dims = dy.shape.map((dim, i) => dim / reps[i]);
    const split = tf.reshape(
      dy,
      dims.flatMap((dim, i) => [reps[i], dim]),
    );
    const repeats = range(dy.rank).map((i) => 2 * i);
    return tf.reshape(tf.sum(split, repeats), dims.slice(missing));
  },
}));

export const movementReplacements: readonly tf.GradConfig[] = [mirrorPad, splitV, tile, unpack];
