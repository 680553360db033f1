/** AssemblyScript sources to the WebAssembly binary that is committed: the same bytes every time. */

import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const ENTRY = "src/kernels/index.ts";
const OUT = "kernels.wasm";

/** @throws Error with the compiler's messages */
export async function compileKernels(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const options = {
    "--baseDir": PACKAGE,
    "--outFile": OUT,
    "--optimizeLevel": "3",
    "--noAssert": "",
    "--runtime": "stub",
    "--use": "abort=",
    "--enable": "simd",
    "--importMemory": "",
    "--noExportMemory": "",
  };
  const args = Object.entries(options).flatMap((option) => option.filter((word) => word !== ""));
  const { error, stderr } = await asc.main([ENTRY, ...args], {
    writeFile(name, contents) {
      if (name === OUT) binary = contents as Uint8Array;
    },
  });
  const messages = stderr.toString();
  if (error !== null || messages !== "" || binary === undefined) {
    throw new Error(`AssemblyScript: ${error?.message ?? "expected a binary without warnings"}\n${messages}`);
  }
  return binary;
}
