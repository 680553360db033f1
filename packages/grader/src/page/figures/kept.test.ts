import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../../../../datasets/test/image-files.ts";
import { done } from "../../../test/small-grading.ts";
import { kept } from "./kept.ts";

test("computed once for the same parts; a file of anything else is computed anew", async () => {
  const folder = temporaryFolder();
  let calls = 0;
  const value = (parts: string) =>
    done(
      // biome-ignore lint/correctness/useYield: there is nothing to wait for
      kept({ folder, kind: "map", parts, schema: z.object({ call: z.number() }) }, async function* () {
        return { call: ++calls };
      }),
    );
  expect([await value("a"), await value("b"), await value("a")]).toEqual([
    { call: 1 },
    { call: 2 },
    { call: 1 },
  ]);
  const files = readdirSync(join(folder, "figures"));
  expect(files).toHaveLength(2);
  for (const broken of ['{"call":', '{"call":"x"}', ""]) {
    for (const file of files) writeFileSync(join(folder, "figures", file), broken);
    const call = calls + 1;
    expect(await value("a")).toEqual({ call });
    expect(await value("a")).toEqual({ call });
  }
});
