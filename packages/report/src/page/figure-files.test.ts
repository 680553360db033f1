import sharp from "sharp";
import { expect, test } from "vitest";
import { example, exampleOutput, exampleTables, HOSTILE } from "../../test/example.ts";
import { reportModel } from "../model/report-model.ts";
import { figureFiles } from "./figure-files.ts";

test("charts as SVG and PNG, grids as PNG, under names that are safe anywhere", async () => {
  const model = await reportModel(example("a", { hostile: `${HOSTILE}/../../` }), {
    tables: exampleTables,
    outputOf: (result) => exampleOutput(result),
  });
  const files = await figureFiles(model);
  expect(files.map(({ name }) => name).filter((name) => !/^\d\d-[a-z0-9-]+\.(svg|png)$/.test(name))).toEqual(
    [],
  );
  expect(new Set(files.map(({ name }) => name)).size).toBe(19 + 14);
  for (const { name, bytes } of files) {
    expect((await sharp(bytes).metadata()).format).toBe(name.slice(-3));
  }
});
