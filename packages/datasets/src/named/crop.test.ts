import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cropCenter } from "./crop.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../../fixtures/golden/datasets/golden.json", import.meta.url), "utf8"),
);

it.each(golden.centerCrop as [number, number, number][])(
  "the middle of %i by %i begins at %i",
  (size, crop, start) => {
    // A row in which each pixel says where it is.
    const row = {
      height: 1,
      width: size,
      channels: 3 as const,
      data: Uint8Array.from({ length: size * 3 }, (_, i) => i / 3),
    };
    const column = { ...row, height: size, width: 1 };
    const expected = Array.from({ length: crop }, (_, i) => start + i);
    const positions = (data: Uint8Array) => [...data].filter((_, i) => i % 3 === 0);
    expect(positions(cropCenter(row, { height: 1, width: crop }).data)).toEqual(expected);
    expect(positions(cropCenter(column, { height: crop, width: 1 }).data)).toEqual(expected);
  },
);
