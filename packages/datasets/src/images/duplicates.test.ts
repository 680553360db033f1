/** That the same pixels are found again, under any name and in any format. */

import sharp from "sharp";
import { expect, it } from "vitest";
import { folderOf, png } from "../../test/image-files.ts";
import { duplicateGroups, findDuplicates, pixelHash } from "./duplicates.ts";
import { openImages } from "./open.ts";
import { readImages } from "./read.ts";

it("finds equal images of different files", async () => {
  const seven = await png(7);
  const folder = folderOf({
    "0.png": seven,
    "1.png": await png(1),
    "2.webp": await sharp(seven).webp({ lossless: true }).toBuffer(),
    "3.png": await png(3),
    "4.png": await sharp(seven).png({ compressionLevel: 0 }).toBuffer(),
    "5.png": await png(3),
  });
  expect(findDuplicates(await readImages(await openImages(folder)))).toEqual([
    [0, 2, 4],
    [3, 5],
  ]);
});

it("the same bytes in another shape are another image", () => {
  const data = new Uint8Array(12);
  const hashes = [
    pixelHash({ height: 1, width: 4, channels: 3, data }),
    pixelHash({ height: 4, width: 1, channels: 3, data }),
  ];
  expect(duplicateGroups(hashes)).toEqual([]);
});
