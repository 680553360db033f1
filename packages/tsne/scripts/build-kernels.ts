/**
 * Compiles `src/kernels/` and writes the binary into `src/kernels-binary.ts`, which is committed.
 *
 *     npx tsx packages/tsne/scripts/build-kernels.ts
 */

import { writeKernels } from "@touchstone/assembly";
import { KERNELS } from "./kernels.ts";

await writeKernels(KERNELS);
