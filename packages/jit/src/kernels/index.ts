/** Every tfjs kernel that can be compiled, by name. One file per family. */

import { binaryKernels } from "./binary.ts";
import { convKernels } from "./conv.ts";
import type { KernelTable } from "./lowering.ts";
import { matmulKernels } from "./matmul.ts";
import { reduceKernels } from "./reduce.ts";
import { shapeKernels } from "./shape.ts";
import { unaryKernels } from "./unary.ts";

export const kernels: KernelTable = {
  ...unaryKernels,
  ...binaryKernels,
  ...reduceKernels,
  ...matmulKernels,
  ...shapeKernels,
  ...convKernels,
};
