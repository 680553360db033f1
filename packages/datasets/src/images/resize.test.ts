/** That resizing gives PIL's pixels. */

import { expect, it } from "vitest";
import { goldenCases } from "../../test/image-files.ts";
import type { Image } from "../types.ts";
import { resizeBilinear } from "./resize.ts";

interface Packed {
  height: number;
  width: number;
  pixels: string;
}

const unpack = ({ height, width, pixels }: Packed): Image => {
  return { height, width, channels: 3, data: new Uint8Array(Buffer.from(pixels, "base64")) };
};
const size = ({ height, width }: Packed) => `${width}x${height}`;

const cases = goldenCases<{ from: Packed; to: Packed }>("resized.json");

it.each(cases.map(({ from, to }) => [size(from), size(to), from, to] as const))(
  "%s to %s",
  (_, __, from, to) => {
    expect(resizeBilinear(unpack(from), { height: to.height, width: to.width })).toEqual(unpack(to));
  },
);

it("to the same size it changes nothing", () => {
  const image = unpack(cases[0]!.from);
  expect(resizeBilinear(image, image).data).toEqual(image.data);
});
