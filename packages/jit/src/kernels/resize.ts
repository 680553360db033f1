/**
 * Resizing of images. Output position o of an axis reads the input at `scale * o`, or `scale * (o + 1/2) - 1/2` with
 * half-pixel centres, where scale = input / output, or (input - 1) / (output - 1) with aligned corners.
 */

import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/types.ts";
import type { KernelTable, Lowering } from "./lowering.ts";
import { applySeparable, type Matrix, transposed, zeros } from "./separable.ts";

export interface Sampling {
  alignCorners: boolean;
  halfPixelCenters: boolean;
}

interface ResizeAttrs extends Sampling {
  size: [number, number];
}

function scaleOf(input: number, output: number, { alignCorners }: Sampling): number {
  return alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
}

/** [output, input]: how much of each input each output takes. */
function bilinearWeights(input: number, output: number, sampling: Sampling): Matrix {
  const weights = zeros(output, input);
  const scale = scaleOf(input, output, sampling);
  for (let o = 0; o < output; o++) {
    const at = sampling.halfPixelCenters ? scale * (o + 0.5) - 0.5 : scale * o;
    const low = Math.max(0, Math.floor(at));
    const high = Math.max(0, Math.min(input - 1, Math.ceil(at)));
    weights.elements[o * input + low] = low === high ? 1 : 1 - (at - low);
    if (low !== high) weights.elements[o * input + high] = at - low;
  }
  return weights;
}

/** For each output the input that it copies. */
function nearestSources(input: number, output: number, sampling: Sampling): number[] {
  const scale = scaleOf(input, output, sampling);
  const round = sampling.alignCorners ? Math.round : Math.floor;
  const shift = sampling.halfPixelCenters ? 0.5 : 0;
  return Array.from({ length: output }, (_, o) => Math.min(input - 1, round(scale * (o + shift))));
}

/** [output, input]: 1 for the input that an output copies. */
export function nearestWeights(input: number, output: number, sampling: Sampling): Matrix {
  const weights = zeros(output, input);
  nearestSources(input, output, sampling).forEach((source, o) => {
    weights.elements[o * input + source] = 1;
  });
  return weights;
}

const resizeBilinear: Lowering = ({ g }, { images }: { images: Value }, attrs: ResizeAttrs) => {
  const [, h, w] = images.shape as [number, number, number, number];
  const [height, width] = attrs.size;
  return applySeparable(
    g,
    g.cast(images, "float32"),
    bilinearWeights(h, height, attrs),
    bilinearWeights(w, width, attrs),
  );
};

const resizeNearestNeighbor: Lowering = ({ g }, { images }: { images: Value }, attrs: ResizeAttrs) => {
  const [, h, w] = images.shape as [number, number, number, number];
  const [height, width] = attrs.size;
  const isMultiple = height % h === 0 && width % w === 0;
  if (isMultiple && !attrs.alignCorners) return repeatPixels(g, images, height / h, width / w);
  // Indices rather than ONNX's nearest mode, whose float32 coordinates round to another pixel now and then.
  return [height, width].reduce((y, size, i) => {
    const axis = i + 1;
    const sources = Int32Array.from(nearestSources(y.shape[axis]!, size, attrs));
    const shape = y.shape.with(axis, size);
    return g.op("Gather", [y, g.constant(sources, "int32", [size])], { axis }, { dtype: y.dtype, shape });
  }, images);
};

/** @param x [n, h, w, c]  @returns [n, vertical h, horizontal w, c], each pixel repeated */
export function repeatPixels(g: GraphBuilder, x: Value, vertical: number, horizontal: number): Value {
  if (vertical === 1 && horizontal === 1) return x;
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const shape = [n, h * vertical, w * horizontal, c];
  return g.op(
    "Resize",
    [x, undefined, undefined, g.ints(shape)],
    { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" },
    { dtype: x.dtype, shape },
  );
}

/**
 * The transposed map. Like tfjs's it has no half-pixel centres, whatever the forward map had; unlike its `cpu` backend's it
 * is right for images that are not square (bilinear) and for batches (nearest).
 */
function gradient(weights: typeof bilinearWeights): Lowering {
  return ({ g }, { images, dy }: { images: Value; dy: Value }, { alignCorners }: Sampling) => {
    const sampling = { alignCorners, halfPixelCenters: false };
    const [vertical, horizontal] = [1, 2].map((axis) =>
      transposed(weights(images.shape[axis]!, dy.shape[axis]!, sampling)),
    );
    return applySeparable(g, dy, vertical!, horizontal!);
  };
}

export const resizeKernels: KernelTable = {
  ResizeBilinear: resizeBilinear,
  ResizeBilinearGrad: gradient(bilinearWeights),
  ResizeNearestNeighbor: resizeNearestNeighbor,
  ResizeNearestNeighborGrad: gradient(nearestWeights),
};
