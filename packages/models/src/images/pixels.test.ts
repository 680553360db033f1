import { scaleImages } from "@touchstone/datasets";
import { expect, it } from "vitest";
import { toImages } from "./pixels.ts";

it("maps [-1, 1] to 0 ... 255, to the nearest, and clamps", () => {
  const values = Float32Array.of(-1, 1, 0, -1.5, 7, -1 + 2.1 / 255);
  const [image] = toImages(values, { height: 1, width: 2 });
  expect(image).toEqual({ height: 1, width: 2, channels: 3, data: Uint8Array.of(0, 255, 128, 0, 255, 1) });
});

it("undoes the scaling of data sets", () => {
  const pixels = Uint8Array.from({ length: 768 }, (_, i) => i % 256);
  const images = toImages(scaleImages(pixels, [-1, 1]), { height: 8, width: 16 });
  expect(images).toHaveLength(2);
  expect(images.flatMap(({ data }) => [...data])).toEqual([...pixels]);
});

it.each([Number.NaN, Number.NEGATIVE_INFINITY])("refuses %s, saying where", (value) => {
  const values = new Float32Array(24);
  values[20] = value;
  const convert = () => toImages(values, { height: 2, width: 2 });
  expect(convert).toThrow(expect.objectContaining({ code: "MODELS_NOT_FINITE", exitCode: 2 }));
  expect(convert).toThrow(/Image 1 of a batch/);
});
