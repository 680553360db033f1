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

/** Leaves the convolution to layout propagation where the target has blocked channels and its sizes suit them. */
function orBlocked(
  type: string,
  fits: (spec: ConvSpec, block: number) => boolean,
  shapeOf: (spec: ConvSpec) => number[],
  lower: Lower,
): Lower {
  return (context, a, b, spec) => {
    // Convolutions with constant weights are blocked by the runtime itself, with their weights laid out once.
    if (b.constant || !fits(spec, context.block)) return lower(context, a, b, spec);
    return context.g.op(
      type,
      [a, b],
      specAttributes(spec),
      { dtype: "float32", shape: shapeOf(spec) },
      INTERNAL,
    );
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

const conv2d = forward(orBlocked("BlockedConv", fitsBlocked, outputShape, convolve), false);
const conv2dInputGradient = inputGradient(
  orBlocked("BlockedConvInputGradient", fitsBlockedInputGradient, inputShape, convolveInputGradient),
  false,
);
const conv2dFilterGradient = filterGradient(
  orBlocked("BlockedConvFilterGradient", fitsBlockedFilterGradient, filterShape, convolveFilterGradient),
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
