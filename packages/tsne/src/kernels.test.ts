/** The committed binary is what its sources compile to. */

import { compileKernels } from "@touchstone/assembly";
import { expect, it } from "vitest";
import { KERNELS } from "../scripts/kernels.ts";
import { KERNELS_BASE64 } from "./kernels-binary.ts";

it("kernels-binary.ts is the binary of kernels/; if not: npx tsx packages/tsne/scripts/build-kernels.ts", async () => {
  expect(Buffer.from(await compileKernels(KERNELS)).toString("base64")).toBe(KERNELS_BASE64);
}, 240_000);
