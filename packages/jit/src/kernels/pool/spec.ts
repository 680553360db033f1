/** The sizes of a pooling window, and images in the form in which ONNX's pooling operators take them. */

import type { GraphBuilder } from "../../graph/builder.ts";
import type { Attribute, Value } from "../../graph/types.ts";
import {
  type ConvAttrs,
  type ConvSpec,
  convSpec,
  NCHW_TO_NHWC,
  NHWC_TO_NCHW,
  reach,
  room,
} from "../conv/spec.ts";

export interface PoolAttrs extends Pick<ConvAttrs, "strides" | "pad" | "dimRoundingMode"> {
  readonly filterSize: [number, number] | number;
}

/** A pooling window is a depthwise kernel. */
export function poolSpec(x: Value, { filterSize, strides, pad, dimRoundingMode }: PoolAttrs): ConvSpec {
  const [kh, kw] = typeof filterSize === "number" ? [filterSize, filterSize] : filterSize;
  const channels = x.shape[3]!;
  return convSpec(x.shape, [kh, kw, channels, channels], {
    strides,
    pad,
    dataFormat: "NHWC",
    ...(dimRoundingMode ? { dimRoundingMode } : {}),
  });
}

export function isIdentity({ height, width }: ConvSpec): boolean {
  return [height, width].every((axis) => axis.kernel === 1 && axis.input === axis.output);
}

/** Padding as long as the kernel, which ONNX Runtime refuses: some windows may then hold nothing but padding. */
export function isPaddedByWindows({ height, width }: ConvSpec): boolean {
  return [height, width].some((axis) => Math.max(axis.before, reach(axis)) >= axis.kernel);
}

export interface Planes {
  /** [n, c, h', w'] */
  readonly x: Value;
  /** Where the image's first row and column are in the planes. */
  readonly origin: readonly number[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** [n, c, oh', ow'], of which `pooled` takes the first [oh, ow] */
  readonly shape: readonly number[];
}

/** NCHW planes of an NHWC image, with the padding in the attributes or, where that is too long, in the planes. */
export function planesOf(g: GraphBuilder, image: Value, spec: ConvSpec, fill: number): Planes {
  const { batch, inChannels, height, width } = spec;
  const axes = [height, width];
  const windows = {
    kernel_shape: axes.map((axis) => axis.kernel),
    strides: axes.map((axis) => axis.stride),
  };
  const before = axes.map((axis) => axis.before);
  const after = axes.map((axis) => Math.max(0, reach(axis)));
  const planes = g.transpose(image, NHWC_TO_NCHW);
  const shape = [batch, inChannels, ...axes.map(room)];
  if (!isPaddedByWindows(spec))
    return { x: planes, origin: [0, 0], attributes: { ...windows, pads: [...before, ...after] }, shape };
  const padded = g.pad(planes, [0, 0, ...before], [0, 0, ...after], fill);
  return { x: padded, origin: before, attributes: { ...windows, pads: [0, 0, 0, 0] }, shape };
}

/** The windows that tfjs has of those that ONNX found room for. */
export function pooled(g: GraphBuilder, windows: Value, { height, width }: ConvSpec): Value {
  return g.slice(windows, [0, 0], [height.output, width.output], [2, 3]);
}

/** From planes back to the image's own rows and columns. */
export function imageOf(
  g: GraphBuilder,
  planes: Value,
  origin: readonly number[],
  { height, width }: ConvSpec,
): Value {
  const ends = [height, width].map((axis, i) => origin[i]! + axis.input);
  return g.transpose(g.slice(planes, origin, ends, [2, 3]), NCHW_TO_NHWC);
}
