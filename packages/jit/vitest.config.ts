import { defineConfig } from "vitest/config";
import { KERNEL_SUITES } from "./test/suites.ts";

const engine = process.env.TOUCHSTONE_TEST_ENGINE;
const everything = ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"];

/** A few random cases: the engine differs, not the kernels' shapes. */
const kernelsOn = (name: string) => ({
  extends: true as const,
  test: {
    name,
    include: KERNEL_SUITES.map((suite) => `test/${suite}.test.ts`),
    isolate: false, // Most of the time went into loading tfjs for each file.
    env: { TOUCHSTONE_TEST_ENGINE: name, TOUCHSTONE_TEST_RUNS: process.env.TOUCHSTONE_TEST_RUNS ?? "2" },
  },
});

export default defineConfig({
  test: {
    setupFiles: ["test/setup.ts", "test/known/setup.ts"],
    testTimeout: 60_000,
    // Each worker runs ONNX Runtime on its own threads: more workers than this only compete for the cores.
    maxWorkers: 2,
    // Unless an engine is chosen: all tests, compiled for the CPU, and the kernels once more on an engine that is always there.
    ...(engine
      ? { include: everything }
      : {
          projects: [
            { extends: true, test: { name: "compiled-cpu", include: everything } },
            kernelsOn("eager-wasm"),
          ],
        }),
  },
});
