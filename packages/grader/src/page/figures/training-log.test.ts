import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../../datasets/test/image-files.ts";
import { trainingLog } from "./training-log.ts";

test("the log beside the weights, under their name", async () => {
  const folder = temporaryFolder();
  const text = '{"step":1,"metrics":{"loss":2}}\n';
  writeFileSync(join(folder, "dann-svhn.log.jsonl"), text);
  expect(await trainingLog(join(folder, "dann-svhn.safetensors"))).toEqual([{ name: "dann-svhn", text }]);
});

test("none, or one without numbers, is said by its name", async () => {
  const folder = temporaryFolder();
  await expect(trainingLog(join(folder, "a.safetensors"))).rejects.toThrow(/a\.log\.jsonl: .*nothing there/);
  writeFileSync(join(folder, "a.log.jsonl"), "no log\n");
  await expect(trainingLog(join(folder, "a.safetensors"))).rejects.toMatchObject({
    code: "GRADER_FIGURE_SOURCE",
    message: expect.stringContaining("no line with numbers"),
  });
});
