/**
 * tfjs-node's convolutions take "same" and "valid" padding only. Any other is done here: the image is padded and cropped to
 * what its windows read, which is then all "valid".
 */

import * as tf from "@tensorflow/tfjs";
import { type Axis, type ConvAttrs, convSpec, reach } from "../../kernels/conv/spec.ts";

type Call = Parameters<tf.KernelFunc>[0];
type Image = [number, number, number, number];

/** Where the windows of one axis begin and end, counted from the ends of the image: padding counts up, cropping down. */
interface Frame {
  height: [number, number];
  width: [number, number];
}

const frameOf = (axis: Axis): [number, number] => [axis.before, reach(axis)];
const padding = ([before, after]: [number, number]): [number, number] => [
  Math.max(0, before),
  Math.max(0, after),
];
const inverse = ([before, after]: [number, number]): [number, number] => [-before, -after];

/** @param x [n, h, w, c] */
function reframe(x: tf.Tensor4D, { height, width }: Frame): tf.Tensor4D {
  const edges = [...height, ...width];
  const padded = edges.some((edge) => edge > 0)
    ? tf.pad(x, [[0, 0], padding(height), padding(width), [0, 0]])
    : tf.clone(x);
  if (edges.every((edge) => edge >= 0)) return padded;
  const [[top, bottom], [left, right]] = [padding(inverse(height)), padding(inverse(width))];
  const [n, h, w, c] = padded.shape;
  return tf.slice(padded, [0, top, left, 0], [n, h - top - bottom, w - left - right, c]);
}

/** What the windows read of an image of this shape; undefined where the kernel finds it by itself. */
function frame(shape: Image, filter: Image, attrs: ConvAttrs, depthwise: boolean): Frame | undefined {
  if (typeof attrs.pad === "string" || (attrs.dataFormat ?? "NHWC") !== "NHWC") return undefined;
  const { height, width } = convSpec(shape, filter, attrs, depthwise);
  return { height: frameOf(height), width: frameOf(width) };
}

const attrsOf = ({ attrs }: Call) =>
  attrs as unknown as ConvAttrs & { filterShape: Image; inputShape: Image };
const valid = ({ attrs }: Call): tf.NamedAttrMap => ({
  ...attrs,
  pad: "valid",
  dimRoundingMode: undefined as never,
});

/** The convolution, or its gradient by the filter: both read the image. */
export function padsImage(kernel: tf.KernelFunc, depthwise: boolean): tf.KernelFunc {
  return (call) => {
    const { x, filter } = call.inputs as { x: tf.Tensor4D; filter?: tf.Tensor4D };
    const shown = frame(x.shape, filter?.shape ?? attrsOf(call).filterShape, attrsOf(call), depthwise);
    if (!shown) return kernel(call);
    const image = tf.tidy(() => reframe(x, shown));
    try {
      return kernel({ ...call, inputs: { ...call.inputs, x: image }, attrs: valid(call) });
    } finally {
      image.dispose();
    }
  };
}

/** The gradient by the image: of the padded and cropped one, and back. */
export function padsGradient(kernel: tf.KernelFunc, depthwise: boolean): tf.KernelFunc {
  return (call) => {
    const filter = call.inputs.filter as tf.Tensor4D;
    const [n, h, w, c] = attrsOf(call).inputShape;
    const shown = frame([n, h, w, c], filter.shape, attrsOf(call), depthwise);
    if (!shown) return kernel(call);
    const { height, width } = shown;
    const inputShape: Image = [n, h + height[0] + height[1], w + width[0] + width[1], c];
    return tf.tidy(() => {
      const gradient = kernel({ ...call, attrs: { ...valid(call), inputShape } }) as tf.Tensor4D;
      return reframe(gradient, { height: inverse(height), width: inverse(width) });
    });
  };
}
