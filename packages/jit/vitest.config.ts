import { defineConfig } from "vitest/config";

const isWebGPU = process.env.TOUCHSTONE_TEST_DEVICE === "webgpu";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    setupFiles: isWebGPU ? ["test/setup.ts", "test/webgpu-setup.ts"] : ["test/setup.ts"],
    testTimeout: 60_000,
    // Each worker runs ONNX Runtime on its own threads: more workers than this only compete for the cores.
    maxWorkers: 2,
  },
});
