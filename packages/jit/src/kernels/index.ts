/** Every tfjs kernel that can be compiled, by name. One file per family. */

import { binaryKernels } from "./binary.ts";
import { convKernels } from "./conv.ts";
import { einsumKernels } from "./einsum.ts";
import { fusedKernels } from "./fused.ts";
import { gatherKernels } from "./gather.ts";
import type { KernelTable } from "./lowering.ts";
import { matmulKernels } from "./matmul.ts";
import { normalizeKernels } from "./normalize.ts";
import { poolKernels } from "./pool.ts";
import { reduceKernels } from "./reduce.ts";
import { resizeKernels } from "./resize.ts";
import { sampleKernels } from "./sample.ts";
import { scatterKernels } from "./scatter.ts";
import { shapeKernels } from "./shape.ts";
import { sortKernels } from "./sort.ts";
import { unaryKernels } from "./unary.ts";

export const kernels: KernelTable = {
  ...unaryKernels,
  ...binaryKernels,
  ...reduceKernels,
  ...matmulKernels,
  ...shapeKernels,
  ...convKernels,
  ...fusedKernels,
  ...poolKernels,
  ...resizeKernels,
  ...normalizeKernels,
  ...einsumKernels,
  ...gatherKernels,
  ...sampleKernels,
  ...scatterKernels,
  ...sortKernels,
};
