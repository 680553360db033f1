/** TensorFlow 2.21 by way of tfjs-node 4.22, with the kernels in `src/eager/tensorflow/`. It refuses much that `cpu` takes. */

import type { KnownFailure } from "./failures.ts";
import { eagerEinsum, edges, lacks } from "./shared.ts";

function refuses(what: string, suite: string, test: RegExp): KnownFailure {
  return { suite, test, symptom: `refuses ${what}` };
}

export const eagerTensorflow: readonly KnownFailure[] = [
  eagerEinsum,

  lacks("BitwiseAnd", "binary", /^int32 and comparisons > bitwiseAnd$/),
  lacks("DenseBincount", "scatter", /^bincount > with weights, without, and of integers$/),
  lacks("MaxPoolWithArgmax", "pool", /^maxPoolWithArgmax > finds the first maximum$/),
  lacks("MaxPoolWithArgmax", "gradients-twice", /^resampling, .* > (gradient penalty through )?max pooling$/),
  lacks("RotateWithOffset", "gather", /^rotateWithOffset > /),
  lacks("SearchSorted", "sort", /^searchSorted > on either side/),

  refuses("bool where a number may be", "assemble", /^tensors made from nothing > fill, linspace/),
  refuses("bool where a number may be", "binary", /^operands of two dtypes > bool and bool give bool$/),
  refuses("bool where a number may be", "gather", /^diag > of any shape$/),
  refuses("bool where a number may be", "matmul", /^matMul and its gradients > of bool$/),
  refuses("bool where a number may be", "reduce", /^reductions of integers > bool$/),
  refuses("bool where a number may be", "sort", /^topk > values and places, in order, with ties$/),
  refuses("bool and int32 where a fraction may be", "unary", /^integers keep their dtype > (bool|int32)$/),
  refuses("int32 where a fraction may be", "binary", /^int32 and comparisons > atan2$/),
  refuses(
    "to divide int32 by zero",
    "binary",
    /^(int32 and comparisons > (div|divNoNan|floorDiv|mod)|edge values > of int32, division by zero included)$/,
  ),
  refuses("boxes of images that are not there", "gather", /^cropAndResize > of boxes anywhere$/),
  refuses("a vector as places", "scatter", /^scatterND > takes a vector of indices for single places$/),
  refuses("places that are not in order", "scatter", /^writing over > sparseToDense$/),
  refuses(
    "segments out of range",
    "scatter",
    /^unsortedSegmentSum > (of any shape, with ids out of range|with more segments than fit)/,
  ),
  refuses("strides with NCHW on the CPU", "conv", /^conv2d > of NCHW images and its gradients$/),
  refuses("two strides for a depthwise convolution", "conv", /^depthwiseConv2d > (with any|followed by)/),
  refuses("two strides for a depthwise convolution", "conv", /^fused convolutions > depthwiseConv2d/),
  refuses(
    "padding but same and valid",
    "pool",
    /^pooling with every kind of padding and rounding > (maxPool|the gradient of maxPool)/,
  ),
  {
    suite: "pool",
    test: /^pooling with every kind of padding and rounding > avgPool and its gradient$/,
    symptom: "refuses padding but same and valid; at borders its gradient, not that of cpu, is the mean's",
  },
  {
    suite: "gather",
    test: /^gather > along an axis, of every dtype$/,
    symptom: "an axis counted from the end: the index value 0 is not in [0, NaN]",
  },
  {
    suite: "reduce",
    test: /^softmax > gradient of softmax$/,
    symptom: "of a single logit the softmax is 1 - 6e-8",
  },

  edges(["ceil", "log", "rsqrt", "sign", "sqrt", "step"], "a subnormal operand (1e-40) counts as 0"),
  {
    suite: "unary",
    test: /^edge values > cast to bool is true for all but zero$/,
    symptom: "a subnormal operand (1e-40) counts as 0",
  },
  edges(["prelu"], "of x >= 0 it is NaN where the slope is not finite: 0 times it is added", "binary"),
  edges(["floorDiv"], "of float32 it is float32, not int32", "binary"),
];
