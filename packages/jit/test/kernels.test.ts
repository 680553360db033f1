/** Every kernel of tfjs's cpu backend is compiled, or refused for a reason that is written here. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { jit, UnsupportedKernelError } from "../src/index.ts";
import { fusedKernels } from "../src/kernels/fused.ts";
import { kernels } from "../src/kernels/index.ts";

const REFUSED: Record<string, string[]> = {
  "the shape of the result depends on values": [
    "NonMaxSuppressionV3",
    "NonMaxSuppressionV4",
    "NonMaxSuppressionV5",
    "RaggedGather",
    "RaggedRange",
    "RaggedTensorToTensor",
    "SparseFillEmptyRows",
    "SparseReshape",
    "Unique",
  ],
  "the number of segments depends on values": ["SparseSegmentMean", "SparseSegmentSum"],
  "graphs have no strings": ["StaticRegexReplace", "StringNGrams", "StringSplit", "StringToHashBucketFast"],
  "graphs have no complex numbers": ["Complex", "ComplexAbs", "FFT", "IFFT", "Imag", "Real"],
  "the result is random": ["Multinomial"],
  "the result is a picture on the screen": ["Draw"],
  "volumes are not supported yet": [
    "AvgPool3D",
    "AvgPool3DGrad",
    "Conv3D",
    "Conv3DBackpropFilterV2",
    "Conv3DBackpropInputV2",
    "MaxPool3D",
    "MaxPool3DGrad",
  ],
  "ONNX has no morphological operators": [
    "Dilation2D",
    "Dilation2DBackpropFilter",
    "Dilation2DBackpropInput",
  ],
  "tfjs's cpu backend transforms the first image of a batch only, so there is nothing to agree with": [
    "Transform",
  ],
};

const onCpu = tf.getKernelsForBackend("cpu").map(({ kernelName }) => kernelName);

describe("kernels", () => {
  it("of the cpu backend are compiled or refused", () => {
    const foreign = Object.keys(kernels).filter((name) => !(name in fusedKernels));
    const accounted = [...foreign, ...Object.values(REFUSED).flat()];
    expect([...accounted].sort()).toEqual([...onCpu].sort());
  });

  it("that are refused say so, and where", () => {
    const image = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
    const compiled = jit((x: tf.Tensor4D) => tf.dilation2d(x, tf.zeros([1, 1, 1]), 1, "same"));
    expect(() => compiled.onnx(image)).toThrow(UnsupportedKernelError);
    expect(() => compiled.onnx(image)).toThrow(/'Dilation2D' cannot be compiled.*kernels\.test\.ts/);
  });
});
