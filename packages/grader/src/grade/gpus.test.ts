import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { gpusOf } from "./gpus.ts";

it("counts the GPUs that NVIDIA's driver names", () => {
  const folder = temporaryFolder();
  expect(gpusOf(join(folder, "absent"))).toBeUndefined();
  expect(gpusOf(folder)).toBeUndefined();
  const models = { "0000:01:00.0": "NVIDIA H200", "0000:02:00.0": "NVIDIA H200", "0000:81:00.0": "Tesla T4" };
  for (const [name, model] of Object.entries(models)) {
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, "information"),
      `Model: \t\t ${model}\nIRQ:   \t\t 42\nGPU UUID: \t x\n`,
    );
  }
  mkdirSync(join(folder, "0000:82:00.0")); // Says nothing of itself.
  expect(gpusOf(folder)).toBe("2 x NVIDIA H200 + Tesla T4");
});
