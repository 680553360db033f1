/** Weights of any known form, made into those of the network: batch norm folded, float32, in PyTorch's layout. */

import { CheckpointMismatchError, type HostTensor, toFloat32 } from "@touchstone/nn";
import { CONVERTED, type Form, type NormNames } from "./forms.ts";
import { inceptionSpecs } from "./network.ts";
import { TENSORFLOW_SCOPES } from "./tensorflow-names.ts";

/** Added to the variance: TensorFlow's `variance_epsilon`, pytorch-fid's `eps`. */
const EPSILON = 1e-3;

/** y = scale x + bias for each channel. */
interface Affine {
  scale: Float64Array;
  bias: Float64Array;
}

type Sizes = Record<"O" | "I" | "H" | "W", number>;

/**
 * What of the network `tensors` holds; layers that lack a tensor are left out.
 *
 * @throws CheckpointMismatchError that lists every tensor of another shape or type, and those with numbers that are not finite
 */
export function convertWeights(
  tensors: ReadonlyMap<string, HostTensor>,
  { names, axes, classifier }: Form,
  path: string,
): Map<string, HostTensor> {
  const mismatches: string[] = [];
  const take = (name: string, shape: number[]): Float32Array => {
    const data = numbersOf(tensors.get(name)!, shape);
    if (typeof data !== "string") return data;
    mismatches.push(`${name}: ${data}`);
    return new Float32Array(shape.reduce((product, size) => product * size, 1));
  };

  const converted = new Map<string, HostTensor>();
  const put = (name: string, shape: number[], data: Float32Array) =>
    converted.set(name, { dtype: "float32", shape, data });

  const specs = inceptionSpecs(["logits"]);
  for (const convolution of TENSORFLOW_SCOPES.keys()) {
    const from = names(convolution);
    if (!Object.values(from).every((name) => tensors.has(name))) continue;
    const [H, W, I, O] = specs[`${convolution}.conv.weight`]!.shape as [number, number, number, number];
    const filter = take(from.filter, shapeOf(axes, { O, I, H, W }));
    const perChannel = (name: string) => take(name, [O]);
    const affine =
      "bias" in from ? biasAlone(perChannel(from.bias)) : foldedNorm(from, perChannel, mismatches);
    const to = CONVERTED.names(convolution) as { filter: string; bias: string };
    put(to.filter, [O, I, H, W], scaled(filter, axes, { O, I, H, W }, affine.scale));
    put(to.bias, [O], Float32Array.from(affine.bias));
  }
  if (tensors.has(classifier.name)) {
    const [O, I] = specs["fc.weight"]!.shape as [number, number];
    const sizes = { O, I, H: 1, W: 1 };
    const matrix = take(classifier.name, shapeOf(classifier.axes, sizes));
    put(
      CONVERTED.classifier.name,
      [O, I],
      scaled(matrix, classifier.axes, sizes, new Float64Array(O).fill(1)),
    );
  }
  if (mismatches.length > 0) {
    throw new CheckpointMismatchError(path, "the FID Inception network", mismatches);
  }
  return converted;
}

/** scale (x - mean) / sqrt(variance + epsilon) + offset as one scale and one bias, in float64. */
function foldedNorm(names: NormNames, take: (name: string) => Float32Array, mismatches: string[]): Affine {
  const [scale, offset, mean, variance] = [names.scale, names.offset, names.mean, names.variance].map(
    take,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const negative = variance.find((v) => v < 0);
  if (negative !== undefined) mismatches.push(`${names.variance}: expected variances, found ${negative}`);
  const factor = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c]! + EPSILON));
  return { scale: factor, bias: Float64Array.from(offset, (b, c) => b - mean[c]! * factor[c]!) };
}

function biasAlone(bias: Float32Array): Affine {
  return { scale: new Float64Array(bias.length).fill(1), bias: Float64Array.from(bias) };
}

function shapeOf(axes: string, sizes: Sizes): number[] {
  return Array.from(axes, (axis) => sizes[axis as keyof Sizes]);
}

/** A filter with the axes OIHW, each output channel times its scale. */
function scaled(data: Float32Array, axes: string, { O, I, H, W }: Sizes, scale: Float64Array): Float32Array {
  const strides = { O: 0, I: 0, H: 0, W: 0 };
  let stride = 1;
  for (const axis of [...axes].reverse() as (keyof Sizes)[]) {
    strides[axis] = stride;
    stride *= { O, I, H, W }[axis];
  }
  const out = new Float32Array(data.length);
  let at = 0;
  for (let o = 0; o < O; o++) {
    for (let i = 0; i < I; i++) {
      for (let y = 0; y < H; y++) {
        let from = o * strides.O + i * strides.I + y * strides.H;
        for (let x = 0; x < W; x++, from += strides.W) out[at++] = data[from]! * scale[o]!;
      }
    }
  }
  return out;
}

/** The tensor's numbers, or what is wrong with it. */
function numbersOf(tensor: HostTensor, shape: readonly number[]): Float32Array | string {
  const shown = (sizes: readonly number[]) => `[${sizes.join(", ")}]`;
  if (shown(tensor.shape) !== shown(shape)) return `expected ${shown(shape)}, found ${shown(tensor.shape)}`;
  const data = toFloat32(tensor);
  if (data === undefined) return `expected floating-point numbers, found ${tensor.dtype}`;
  const nonFinite = data.find((x) => !Number.isFinite(x));
  return nonFinite === undefined ? data : `expected finite numbers, found ${nonFinite}`;
}
