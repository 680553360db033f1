/** Convolutions and their gradients: tfjs's kernels in terms of the lowerings in `conv/`. */

import type { Value } from "../graph/types.ts";
import {
  fitsBlocked,
  fitsBlockedFilterGradient,
  fitsBlockedInputGradient,
  INTERNAL,
  specAttributes,
} from "../layout/blocked/spec.ts";
import { activate } from "./activation.ts";
import { depthwiseConvolve, depthwiseFilterGradient, depthwiseInputGradient } from "./conv/depthwise.ts";
import { convolveFilterGradient } from "./conv/filter-gradient.ts";
import { convolve } from "./conv/forward.ts";
import { convolveInputGradient } from "./conv/input-gradient.ts";
import { type ConvAttrs, type ConvSpec, convSpec, NCHW_TO_NHWC, NHWC_TO_NCHW } from "./conv/spec.ts";
import { coversPlane, planeFilterGradient, planeInputGradient, planeProduct } from "./conv/whole-plane.ts";
import type { KernelTable, Lowering, LoweringContext } from "./lowering.ts";

type Lower = (context: LoweringContext, a: Value, b: Value, spec: ConvSpec) => Value;

/** Runs an NHWC lowering on tensors of either data format. */
function inFormat(
  { g }: LoweringContext,
  spec: ConvSpec,
  body: (toNHWC: (v: Value) => Value) => Value,
): Value {
  if (spec.channelsLast) return body((v) => v);
  return g.transpose(
    body((v) => g.transpose(v, NCHW_TO_NHWC)),
    NHWC_TO_NCHW,
  );
}

interface Choice {
  /** For a kernel that covers the whole plane. */
  product: Lower;
  /** Left to layout propagation, where the target has blocked channels and the sizes suit them. */
  blocked: {
    type: string;
    fits: (spec: ConvSpec, block: number) => boolean;
    shapeOf: (spec: ConvSpec) => number[];
  };
  /** ONNX Runtime blocks the channels of convolutions with constant weights by itself. */
  runtimeBlocksConstants: boolean;
  otherwise: Lower;
}

function choose({ product, blocked, runtimeBlocksConstants, otherwise }: Choice): Lower {
  return (context, a, b, spec) => {
    if (coversPlane(spec)) return product(context, a, b, spec);
    const isLeft = runtimeBlocksConstants && b.constant !== undefined;
    if (isLeft || !blocked.fits(spec, context.block)) return otherwise(context, a, b, spec);
    const output = { dtype: "float32" as const, shape: blocked.shapeOf(spec) };
    return context.g.op(blocked.type, [a, b], specAttributes(spec), output, INTERNAL);
  };
}

function forward(lower: Lower, depthwise: boolean): Lowering {
  return (context, { x, filter }: { x: Value; filter: Value }, attrs: ConvAttrs) => {
    const spec = convSpec(x.shape, filter.shape, attrs, depthwise);
    return inFormat(context, spec, (toNHWC) => lower(context, toNHWC(x), filter, spec));
  };
}

function inputGradient(lower: Lower, depthwise: boolean): Lowering {
  return (context, { dy, filter }, attrs: ConvAttrs & { inputShape: number[] }) => {
    const spec = convSpec(attrs.inputShape, filter.shape, attrs, depthwise);
    return inFormat(context, spec, (toNHWC) => lower(context, toNHWC(dy), filter, spec));
  };
}

function filterGradient(lower: Lower, depthwise: boolean): Lowering {
  return (context, { x, dy }, attrs: ConvAttrs & { filterShape: number[] }) => {
    const spec = convSpec(x.shape, attrs.filterShape, attrs, depthwise);
    const toNHWC = (v: Value): Value => (spec.channelsLast ? v : context.g.transpose(v, NCHW_TO_NHWC));
    return lower(context, toNHWC(x), toNHWC(dy), spec);
  };
}

function fused(kernel: Lowering): Lowering {
  return (context, inputs, attrs) => {
    const { bias, preluActivationWeights } = inputs;
    const y = kernel(context, inputs, attrs) as Value;
    const shift =
      bias && (attrs.dataFormat === "NCHW" && bias.shape.length === 1 ? perChannel(context, bias) : bias);
    const z = shift ? context.g.add(y, shift) : y;
    return activate(context.g, z, attrs.activation, preluActivationWeights, attrs.leakyreluAlpha);
  };
}

function perChannel({ g }: LoweringContext, bias: Value): Value {
  return g.reshape(bias, [...bias.shape, 1, 1]);
}

const inputShape = (s: ConvSpec): number[] => [s.batch, s.height.input, s.width.input, s.inChannels];
const outputShape = (s: ConvSpec): number[] => [s.batch, s.height.output, s.width.output, s.outChannels];
const filterShape = (s: ConvSpec): number[] => [s.height.kernel, s.width.kernel, s.inChannels, s.outChannels];

const conv2d = forward(
  choose({
    product: planeProduct,
    blocked: { type: "BlockedConv", fits: fitsBlocked, shapeOf: outputShape },
    runtimeBlocksConstants: true,
    otherwise: convolve,
  }),
  false,
);
const conv2dInputGradient = inputGradient(
  choose({
    product: planeInputGradient,
    blocked: { type: "BlockedConvInputGradient", fits: fitsBlockedInputGradient, shapeOf: inputShape },
    runtimeBlocksConstants: false,
    otherwise: convolveInputGradient,
  }),
  false,
);
const conv2dFilterGradient = filterGradient(
  choose({
    product: planeFilterGradient,
    blocked: { type: "BlockedConvFilterGradient", fits: fitsBlockedFilterGradient, shapeOf: filterShape },
    runtimeBlocksConstants: false,
    otherwise: convolveFilterGradient,
  }),
  false,
);

const depthwise = forward(depthwiseConvolve, true);

export const convKernels: KernelTable = {
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dFilterGradient,
  Conv2DBackpropInput: conv2dInputGradient,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropFilter: filterGradient(depthwiseFilterGradient, true),
  DepthwiseConv2dNativeBackpropInput: inputGradient(depthwiseInputGradient, true),
  FusedConv2D: fused(conv2d),
  FusedDepthwiseConv2D: fused(depthwise),
};
