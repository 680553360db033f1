/** AssemblyScript sources to a WebAssembly binary: the same bytes every time. */

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

export interface Kernels {
  /** The folder of the sources; its `index.ts` exports what the binary does. */
  sources: URL;
  /** Several threads work on one memory, of up to 4 GiB. */
  threads?: boolean;
}

const OUT = "kernels.wasm";

/** @throws Error with the compiler's messages */
export async function compileKernels({ sources, threads = false }: Kernels): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const folder = fileURLToPath(sources);
  const options = {
    "--baseDir": fileURLToPath(new URL("..", `${sources}/`)),
    "--outFile": OUT,
    "--optimizeLevel": "3",
    "--noAssert": "",
    "--runtime": "stub",
    "--use": "abort=",
    "--enable": threads ? "simd,threads,bulk-memory" : "simd",
    "--importMemory": "",
    "--noExportMemory": "",
    ...(threads && { "--sharedMemory": "", "--initialMemory": "1", "--maximumMemory": "65536" }),
  };
  const args = Object.entries(options).flatMap((option) => option.filter((word) => word !== ""));
  const { error, stderr } = await asc.main([`${basename(folder)}/index.ts`, ...args], {
    writeFile(name, contents) {
      if (name === OUT) binary = contents as Uint8Array;
    },
  });
  const messages = stderr.toString();
  if (error !== null || messages !== "" || binary === undefined) {
    const why = error?.message ?? "expected a binary without warnings";
    throw new Error(`AssemblyScript, ${folder}: ${why}\n${messages}`);
  }
  return binary;
}
