/**
 * Compiles `src/linear-algebra/kernels/` and writes the binary into `src/linear-algebra/kernels-binary.ts`, which is committed.
 *
 *     npx tsx packages/fid/scripts/build-kernels.ts
 */

import { writeKernels } from "@touchstone/assembly";
import { KERNELS } from "./kernels.ts";

await writeKernels(KERNELS);
