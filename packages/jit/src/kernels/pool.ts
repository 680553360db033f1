/** Pooling and its gradients. */

import { UnsupportedKernelError } from "../errors.ts";
import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/types.ts";
import { userLine } from "../trace/user-line.ts";
import { type Axis, type ConvSpec, NCHW_TO_NHWC } from "./conv/spec.ts";
import { stored } from "./dtypes.ts";
import type { KernelTable, Lowering } from "./lowering.ts";
import { compareWithMaxima, firstMaxima, maxPositions, scatterToMaxima } from "./pool/max-gradient.ts";
import { isIdentity, isPaddedByWindows, type PoolAttrs, planesOf, pooled, poolSpec } from "./pool/spec.ts";
import { repeatPixels } from "./resize.ts";
import { applySeparable, type Matrix, transposed, zeros } from "./separable.ts";

/** @param x [n, h, w, c]  @returns [n, oh, ow, c] */
function maximum(g: GraphBuilder, x: Value, spec: ConvSpec): Value {
  const planes = planesOf(g, x, spec, Number.NEGATIVE_INFINITY);
  const y = g.op("MaxPool", [planes.x], planes.attributes, { dtype: "float32", shape: planes.shape });
  const maxima = g.transpose(pooled(g, y, spec), NCHW_TO_NHWC);
  if (!isPaddedByWindows(spec)) return maxima;
  // Of no elements the maximum is -Infinity, for which ONNX Runtime has the least float32.
  const [rows, columns] = [emptyWindows(spec.height), emptyWindows(spec.width)];
  const isEmpty = Uint8Array.from(rows.flatMap((row) => columns.map((column) => Number(row || column))));
  const mask = g.constant(isEmpty, "bool", [1, rows.length, columns.length, 1]);
  return g.where(mask, g.float(Number.NEGATIVE_INFINITY), maxima);
}

/** For each output whether its window lies in the padding. */
function emptyWindows({ input, output, kernel, stride, before }: Axis): boolean[] {
  return Array.from({ length: output }, (_, o) => {
    const start = o * stride - before;
    return start >= input || start + kernel <= 0;
  });
}

/** ONNX pools no int32: up to 2^24 the way through float32 is exact. */
const maxPool: Lowering = ({ g }, { x }: { x: Value }, attrs: PoolAttrs) => {
  const spec = poolSpec(x, attrs);
  return isIdentity(spec) ? x : stored(g, maximum(g, g.cast(x, "float32"), spec), x.dtype);
};

/** [output, input]: 1 where the window of the output has the input. */
function windowsOf({ input, output, kernel, stride, before }: Axis): Matrix {
  const windows = zeros(output, input);
  for (let o = 0; o < output; o++) {
    const start = o * stride - before;
    windows.elements.fill(
      1,
      o * input + Math.max(0, start),
      o * input + Math.max(0, Math.min(input, start + kernel)),
    );
  }
  return windows;
}

/** Divided by how many inputs each window has; 0 / 0 = NaN for a window that lies in the padding, as in tfjs. */
function averages(axis: Axis): Matrix {
  const windows = windowsOf(axis);
  for (let o = 0; o < axis.output; o++) {
    const row = windows.elements.subarray(o * axis.input, (o + 1) * axis.input);
    const count = row.reduce((a, b) => a + b, 0);
    row.forEach((x, i) => {
      row[i] = x / count;
    });
  }
  return windows;
}

/** Padding does not count. */
const avgPool: Lowering = ({ g }, { x }: { x: Value }, attrs: PoolAttrs) => {
  const spec = poolSpec(x, attrs);
  if (isIdentity(spec)) return x;
  if (isPaddedByWindows(spec)) return applySeparable(g, x, averages(spec.height), averages(spec.width));
  const planes = planesOf(g, x, spec, 0);
  const attributes = { ...planes.attributes, count_include_pad: 0 };
  const y = g.op("AveragePool", [planes.x], attributes, { dtype: "float32", shape: planes.shape });
  return g.transpose(pooled(g, y, spec), NCHW_TO_NHWC);
};

/** The windows that the gradient's kernel has: tfjs forgets how the forward pass rounded their number up. */
function windowsIn(g: GraphBuilder, y: Value, { height, width }: ConvSpec): Value {
  return g.slice(y, [0, 0], [height.output, width.output], [1, 2]);
}

/** Like tfjs's, divides by the whole window at the border too, though avgPool divides by what is inside. */
const avgPoolGrad: Lowering = ({ g }, { dy, input }: { dy: Value; input: Value }, attrs: PoolAttrs) => {
  const { filterSize, strides, pad } = attrs;
  const spec = poolSpec(input, { filterSize, strides, pad });
  const { height, width } = spec;
  const share = g.mul(windowsIn(g, dy, spec), g.float(1 / (height.kernel * width.kernel)));
  const isTiled = [height, width].every(
    (axis) => axis.kernel === axis.stride && axis.input === axis.kernel * axis.output && axis.before === 0,
  );
  if (isTiled) return repeatPixels(g, share, height.kernel, width.kernel);
  return applySeparable(g, share, transposed(windowsOf(height)), transposed(windowsOf(width)));
};

const maxPoolGrad: Lowering = (
  { g, target },
  { dy, input, output }: { dy: Value; input: Value; output: Value },
  attrs: PoolAttrs,
) => {
  const spec = poolSpec(input, attrs);
  const [gradient, y] = [windowsIn(g, dy, spec), windowsIn(g, output, spec)];
  const x = g.cast(input, "float32");
  return target === "webgpu"
    ? compareWithMaxima(g, x, g.cast(y, "float32"), gradient, spec)
    : scatterToMaxima(g, x, gradient, spec, target);
};

/** Positions count through [h, w, c], or [n, h, w, c]. */
const maxPoolWithArgmax: Lowering = (
  { g, target },
  { x }: { x: Value },
  attrs: PoolAttrs & { includeBatchInIndex: boolean },
) => {
  const spec = poolSpec(x, attrs);
  if (isPaddedByWindows(spec)) {
    throw new UnsupportedKernelError(
      "MaxPoolWithArgmax",
      "with padding as long as the window, windows may have no maximum",
      userLine(),
    );
  }
  const image = g.cast(x, "float32");
  const maxima = maximum(g, image, spec);
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const counts = (length: number, step: number, shape: readonly number[]): Value =>
    g.constant(
      Int32Array.from({ length }, (_, i) => i * step),
      "int32",
      shape,
    );
  const pixel =
    target === "webgpu" ? firstMaxima(g, image, maxima, spec) : pixelsOfMaxima(g, image, spec, h * w);
  const inImage = g.add(g.mul(pixel, g.fill(c, "int32")), counts(c, 1, [1, c, 1, 1]));
  const index = attrs.includeBatchInIndex ? g.add(inImage, counts(n, h * w * c, [n, 1, 1, 1])) : inImage;
  return [stored(g, maxima, x.dtype), g.transpose(index, NCHW_TO_NHWC)];
};

/** @returns [n, c, oh, ow]: where each maximum is in its plane of `size` pixels */
function pixelsOfMaxima(g: GraphBuilder, image: Value, spec: ConvSpec, size: number): Value {
  const planes = planesOf(g, image, spec, Number.NEGATIVE_INFINITY);
  const positions = g.cast(maxPositions(g, planes, spec), "int32"); // in [n, c, h, w]
  return g.elementwise("Mod", [positions, g.fill(size, "int32")], "int32");
}

export const poolKernels: KernelTable = {
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  MaxPoolWithArgmax: maxPoolWithArgmax,
};
