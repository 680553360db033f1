/** AssemblyScript kernels to WebAssembly. Packages commit the binary, so that only who changes the kernels needs the compiler. */

export { compileKernels, type Kernels } from "./compile.ts";
export { writeKernels } from "./write.ts";
