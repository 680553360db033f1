/** Kernels that move elements without changing them, and tensors made from nothing. */

import * as tf from "@tensorflow/tfjs";
import type { GraphBuilder } from "../graph/builder.ts";
import { sizeOf, type Value } from "../graph/types.ts";
import { resolveStridedSlice } from "../strided-slice.ts";
import { type KernelTable, type Lowering, normalizeAxes, normalizeAxis } from "./lowering.ts";

const concat: Lowering = ({ g }, inputs: Record<string, Value>, { axis }: { axis: number }) => {
  const xs = Object.values(inputs);
  return g.concat(xs, normalizeAxis(axis, xs[0]!.shape.length));
};

const pack: Lowering = ({ g }, inputs: Record<string, Value>, { axis }: { axis: number }) => {
  const xs = Object.values(inputs);
  const at = normalizeAxis(axis, xs[0]!.shape.length + 1);
  return g.concat(
    xs.map((x) => g.reshape(x, x.shape.toSpliced(at, 0, 1))),
    at,
  );
};

const unpack: Lowering = ({ g }, { value }: { value: Value }, { axis }: { axis: number }) => {
  const at = normalizeAxis(axis, value.shape.length);
  return Array.from({ length: value.shape[at]! }, (_, i) =>
    g.reshape(g.slice(value, [i], [i + 1], [at]), value.shape.toSpliced(at, 1)),
  );
};

const splitV: Lowering = ({ g }, { x }: { x: Value }, { numOrSizeSplits, axis }) => {
  const at = normalizeAxis(axis, x.shape.length);
  const sizes: number[] = tf.backend_util.prepareSplitSize(symbolOf(x), numOrSizeSplits, at);
  let start = 0;
  return sizes.map((size) => {
    const end = start + size;
    const part = g.slice(x, [start], [end], [at]);
    start = end;
    return part;
  });
};

/** tfjs helpers that only look at a tensor's shape take this in its place. */
function symbolOf(x: Value): tf.Tensor {
  return { shape: [...x.shape], rank: x.shape.length } as unknown as tf.Tensor;
}

const slice: Lowering = ({ g }, { x }: { x: Value }, { begin, size }) => {
  const [starts, sizes] = tf.slice_util.parseSliceParams(symbolOf(x), begin, size);
  return g.slice(
    x,
    starts!,
    starts!.map((start, i) => start + sizes![i]!),
  );
};

const stridedSlice: Lowering = ({ g, target }, { x }: { x: Value }, attrs) => {
  const { finalShape, begin, end, strides } = resolveStridedSlice(x.shape, attrs);
  if (sizeOf(finalShape) === 0) return g.fill(0, x.dtype, finalShape);
  const axes = x.shape.map((_, i) => i);
  if (target !== "webgpu") return g.reshape(g.slice(x, begin, end, axes, strides), finalShape);
  // ONNX Runtime 1.30 on WebGPU counts down from the last element, whatever the start.
  const lengths = x.shape.map((dim, i) => (strides[i]! < 0 ? begin[i]! + 1 : dim));
  const head = g.slice(x, Array<number>(axes.length).fill(0), lengths);
  return g.reshape(g.slice(head, begin, end, axes, strides), finalShape);
};

const padV2: Lowering = ({ g }, { x }: { x: Value }, { paddings, constantValue }) =>
  g.pad(x, column(paddings, 0), column(paddings, 1), constantValue);

/** `reflect` leaves the border element out of the mirror image, `symmetric` repeats it. */
const mirrorPad: Lowering = ({ g }, { x }: { x: Value }, { paddings, mode }) => {
  const [before, after] = [column(paddings, 0), column(paddings, 1)];
  if (mode === "reflect") return g.pad(x, before, after, 0, "reflect");
  return before.reduce((y, n, axis) => {
    const length = y.shape[axis]!;
    const head = reverse(g, g.slice(y, [0], [n], [axis]), [axis]);
    const tail = reverse(g, g.slice(y, [length - after[axis]!], [length], [axis]), [axis]);
    return g.concat([head, y, tail], axis);
  }, x);
};

function column(pairs: [number, number][], i: 0 | 1): number[] {
  return pairs.map((pair) => pair[i]);
}

export function reverse(g: GraphBuilder, x: Value, axes: readonly number[]): Value {
  const long = axes.filter((axis) => x.shape[axis]! > 1);
  if (long.length === 0) return x;
  return g.slice(
    x,
    long.map((axis) => x.shape[axis]! - 1),
    long.map(() => -1),
    long,
    long.map(() => -1),
  );
}

const tile: Lowering = ({ g }, { x }: { x: Value }, { reps }: { reps: number[] }) => {
  const rank = Math.max(reps.length, x.shape.length);
  const from = g.reshape(x, [...Array<number>(rank - x.shape.length).fill(1), ...x.shape]);
  const repeats = [...Array<number>(rank - reps.length).fill(1), ...reps];
  const shape = from.shape.map((dim, i) => dim * repeats[i]!);
  if (sizeOf(shape) === 0) return g.fill(0, x.dtype, shape);
  // Repeating axes of length one is broadcasting, which the next operator can often do itself.
  if (from.shape.every((dim, i) => dim === 1 || repeats[i] === 1)) return g.expand(from, shape);
  return g.op("Tile", [from, g.ints(repeats)], {}, { dtype: x.dtype, shape });
};

/** Blocks of the last (depth) axis spread over height and width. */
const depthToSpace: Lowering = ({ g }, { x }: { x: Value }, { blockSize: s, dataFormat }) => {
  const nhwc = dataFormat === "NHWC" ? x : g.transpose(x, [0, 2, 3, 1]);
  const [n, h, w, c] = nhwc.shape as [number, number, number, number];
  const split = g.reshape(nhwc, [n, h, w, s, s, c / (s * s)]);
  const y = g.reshape(g.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h * s, w * s, c / (s * s)]);
  return dataFormat === "NHWC" ? y : g.transpose(y, [0, 3, 1, 2]);
};

const batchToSpaceND: Lowering = ({ g }, { x }: { x: Value }, { blockShape, crops }) => {
  const { backend_util: util } = tf;
  const blocks = sizeOf(blockShape);
  const shape = [...x.shape];
  const split = g.reshape(x, util.getReshaped(shape, blockShape, blocks));
  const moved = g.transpose(split, util.getPermuted(split.shape.length, blockShape.length));
  const merged = g.reshape(moved, util.getReshapedPermuted(shape, blockShape, blocks));
  const starts = util.getSliceBeginCoords(crops, blockShape.length);
  const sizes = util.getSliceSize([...merged.shape], crops, blockShape.length);
  return g.slice(
    merged,
    starts,
    starts.map((start, i) => start + sizes[i]!),
  );
};

const spaceToBatchND: Lowering = ({ g }, { x }: { x: Value }, { blockShape, paddings }) => {
  const { backend_util: util } = tf;
  const blocks = sizeOf(blockShape);
  const all = [
    [0, 0],
    ...paddings,
    ...Array.from({ length: x.shape.length - 1 - blockShape.length }, () => [0, 0]),
  ];
  const padded = g.pad(x, column(all as [number, number][], 0), column(all as [number, number][], 1));
  const shape = [...padded.shape];
  const split = g.reshape(padded, util.getReshaped(shape, blockShape, blocks, false));
  const moved = g.transpose(split, util.getPermuted(split.shape.length, blockShape.length, false));
  return g.reshape(moved, util.getReshapedPermuted(shape, blockShape, blocks, false));
};

export const shapeKernels: KernelTable = {
  BatchToSpaceND: batchToSpaceND,
  Concat: concat,
  DepthToSpace: depthToSpace,
  ExpandDims: ({ g }, { input }: { input: Value }, { dim }) =>
    g.reshape(input, input.shape.toSpliced(normalizeAxis(dim, input.shape.length + 1), 0, 1)),
  Fill: ({ g }, _, { shape, value, dtype }) =>
    g.fill(Number(value), dtype ?? tf.util.inferDtype(value), shape),
  FlipLeftRight: ({ g }, { image }: { image: Value }) => reverse(g, image, [2]),
  LinSpace: ({ g }, _, { start, stop, num }) => {
    const step = (stop - start) / (num - 1);
    return g.constant(
      Float32Array.from({ length: num }, (_, i) => (num === 1 ? start : start + i * step)),
      "float32",
      [num],
    );
  },
  MirrorPad: mirrorPad,
  Pack: pack,
  PadV2: padV2,
  Range: ({ g }, _, { start, stop, step, dtype }) => {
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const list = Array.from({ length }, (_, i) => start + i * step);
    return g.constant(dtype === "int32" ? Int32Array.from(list) : Float32Array.from(list), dtype, [length]);
  },
  Reshape: ({ g }, { x }: { x: Value }, { shape }) =>
    g.reshape(x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  Reverse: ({ g }, { x }: { x: Value }, { dims }) => reverse(g, x, normalizeAxes(dims, x.shape.length)),
  Slice: slice,
  SpaceToBatchND: spaceToBatchND,
  SplitV: splitV,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: ({ g }, { x }: { x: Value }, { perm }) => g.transpose(x, perm),
  Unpack: unpack,
};
