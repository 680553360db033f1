/** Which sources are compiled to WebAssembly, and how. */

import type { Kernels } from "@touchstone/assembly";

export const KERNELS: Kernels = { sources: new URL("../src/kernels", import.meta.url) };
