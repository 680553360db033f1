/**
 * tfjs's WebGPU backend 4.22 on Dawn, with the kernel in `src/eager/webgpu/`: what was seen on SwiftShader. Nothing can be
 * lent to the `cpu` backend here, since a tensor on a GPU cannot be read while a function runs.
 */

import type { KnownFailure } from "./failures.ts";
import { eagerEinsum, edges, lacks } from "./shared.ts";

/** `test` is the pattern that full names begin with. */
function seen(symptom: string, suite: string, test: string): KnownFailure {
  return { suite, test: new RegExp(`^(${test})`), symptom };
}

const EMPTY = "throws where a result has no elements: createBuffer";
const RANK = "throws: no ranks above 6";
const SINGLE_PIXEL = "of an image of one row or column, and with aligned corners, the gradient is 0";
const ONE_ELEMENT = "exclusive, along an axis of one element, it is the element";
const KEEP_DIMS = "the axes that it should keep are dropped, or those to drop are kept";
const TRIGONOMETRY = "off by 2e-4 in SwiftShader: WGSL bounds the error by 2^-11";

export const eagerWebgpu: readonly KnownFailure[] = [
  eagerEinsum,
  lacks("BitwiseAnd", "binary", /^int32 and comparisons > bitwiseAnd$|^edge values > of int32, division by/),

  seen(
    RANK,
    "assemble",
    "several tensors in one > where, with broadcasting|more elements > (tile|broadcastTo)",
  ),
  seen(RANK, "gradients-places", "movement > tile of any rank"),
  seen("linspace with one place is NaN", "assemble", "tensors made from nothing"),
  seen(EMPTY, "gradients-places", "movement > stridedSlice of nothing"),
  seen(EMPTY, "matmul", "matMul and its gradients > with nothing to sum over"),
  seen(EMPTY, "reduce", "edge values > of nothing"),
  seen(EMPTY, "shape", "parts > (slice$|stridedSlice$|split into parts of given sizes)"),

  seen("of -5 to 5 it is -3124: computed in float32", "binary", "int32 and comparisons > pow$"),
  seen("by 0 it is no 0", "binary", "int32 and comparisons > mod$"),
  seen("0 divided by 0 is 128", "binary", "operands of two dtypes > bool and bool give bool"),
  seen(
    "what does not fit the dtype is cut off otherwise",
    "unary",
    "integers keep their dtype > (int32|bool)$",
  ),

  seen(ONE_ELEMENT, "reduce", "running sums and products > cum(sum|prod)"),
  seen(`of cumprod: ${ONE_ELEMENT}`, "reduce", "reductions of float32 and their gradients > prod"),
  seen(ONE_ELEMENT, "gradients-values", "products > (cumsum|cumprod)"),
  seen(`of cumprod: ${ONE_ELEMENT}`, "gradients-values", "products > prod over any axes"),
  seen(
    KEEP_DIMS,
    "reduce",
    "reductions of integers > (int32|bool)|argMax and argMin > (of float32|of bool|take the first)",
  ),
  seen("a row with NaN is all 0", "reduce", "softmax > softmax of very large and very small logits"),

  seen("the last of several maxima counts, not the first", "pool", "windows side by side > maxPool"),
  seen(
    "the last of several maxima counts, not the first",
    "pool",
    "maxPoolWithArgmax > finds the first maximum",
  ),
  seen(
    "windows in the padding have another value; the last of several maxima counts",
    "pool",
    "pooling with every kind of padding and rounding",
  ),
  seen(SINGLE_PIXEL, "resize", "resizeBilinear > by whole factors between convolutions"),
  seen(SINGLE_PIXEL, "resize", "gradients > of resize(Bilinear|NearestNeighbor) "),

  seen(
    "boxes of images that are not there are filled with the value for places outside",
    "gather",
    "cropAndResize > of boxes anywhere",
  ),
  seen("the colour's opacity is 3", "gather", "rotateWithOffset > with a colour behind"),
  seen("of several places in no order the last is lost", "scatter", "writing over > sparseToDense"),
  seen(
    "ids out of range count in other segments",
    "scatter",
    "unsortedSegmentSum > (of any shape|with more segments)",
  ),
  seen(
    "its shader is refused: weights of integers",
    "scatter",
    "bincount > with weights, without, and of integers",
  ),

  seen(
    TRIGONOMETRY,
    "unary",
    "functions of a float32 tensor of any shape, and their gradients > (cos|sin|tan)$",
  ),
  seen(
    "off by 4e-3 in SwiftShader where it is next to 0",
    "unary",
    "functions of a float32 tensor of any shape, and their gradients > softplus$",
  ),
  edges(["cos", "sin", "tan"], TRIGONOMETRY),
  // WGSL 15.7.2: an implementation may assume that there are no NaN and no infinities, and let subnormal numbers be 0.
  edges(["elu", "erf", "selu"], "NaN is 9 or -9 after the test's clipByValue(-9, 9)"),
  edges(["exp", "softplus"], "of NaN it is Infinity"),
  edges(["logSigmoid"], "of NaN it is -Infinity"),
  edges(["relu", "relu6", "sigmoid"], "of NaN it is 0"),
  edges(["sign", "sqrt", "step", "rsqrt", "ceil"], "a subnormal operand (1e-40) counts as 0"),
  edges(["asinh", "atanh", "expm1", "sinh", "tanh"], "of 1e-8 it is 0"),
  edges(["acosh", "cosh"], "of 3e38 and of 89 it overflows"),
  edges(["log1p"], "of -1 it is -88.03"),
  edges(["atan2"], "of 0 and -1 it is 0", "binary"),
  edges(["prelu"], "of x >= 0 it is NaN where the slope is not finite: 0 times it is added", "binary"),
  edges(["pow"], "0 to a negative power is 0", "binary"),
];
