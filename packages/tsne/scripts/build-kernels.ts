/**
 * Compiles `src/kernels/` and writes the binary into `src/kernels-binary.ts`, which is committed.
 *
 *     npx tsx packages/tsne/scripts/build-kernels.ts
 */

import { writeFileSync } from "node:fs";
import { compileKernels } from "./compile-kernels.ts";

const binary = await compileKernels();
const target = new URL("../src/kernels-binary.ts", import.meta.url);
writeFileSync(
  target,
  `/** The kernels of \`kernels/\` compiled to WebAssembly; \`scripts/build-kernels.ts\` writes this file. */

export const KERNELS_BASE64 =
  "${Buffer.from(binary).toString("base64")}";
`,
);
console.log(`kernels-binary.ts: ${binary.length.toLocaleString("en")} bytes of WebAssembly`);
