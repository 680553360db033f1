/** Puts the compiled kernels beside their sources, as a module that can be imported and bundled like any other. */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compileKernels, type Kernels } from "./compile.ts";

/** Writes `kernels-binary.ts` beside the folder of the sources. @throws Error with the compiler's messages */
export async function writeKernels(kernels: Kernels): Promise<void> {
  const binary = await compileKernels(kernels);
  const file = fileURLToPath(new URL("../kernels-binary.ts", `${kernels.sources}/`));
  writeFileSync(
    file,
    `/** The kernels of \`kernels/\` compiled to WebAssembly; \`scripts/build-kernels.ts\` writes this file. */

export const KERNELS_BASE64 =
  "${Buffer.from(binary).toString("base64")}";
`,
  );
  console.log(`${file}: ${binary.length.toLocaleString("en")} bytes of WebAssembly`);
}
