/** The suites that compare kernels and gradients with tfjs's `cpu` backend on any engine: `test/<suite>.test.ts`. */

export const KERNEL_SUITES = [
  ...["unary", "binary", "reduce", "shape", "assemble", "matmul", "conv"],
  ...["pool", "resize", "normalize", "gather", "scatter", "sort", "einsum"],
  ...["gradients-values", "gradients-places", "gradients-twice", "gradients-saved", "fused", "golden"],
];

/** For ONNX Runtime's WebGPU provider, besides. */
export const WEBGPU_SUITES = ["layout", "webgpu"];
