/** Both networks on real faces, against what face-api itself finds in them. */

import { openImages, readImages, resizeBilinear } from "@touchstone/datasets";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../nn/test/shared-data.ts";
import { openFaceDetector, openFaceEmbedding } from "../src/index.ts";
import { expectEmbedding, expectFaces } from "./agreement.ts";
import { golden } from "./golden.ts";

const { path, absent, note } = sharedData("hw2_data/face/val");
const names = Object.keys(golden.real);

async function realFaces(side: number) {
  const source = await openImages(path);
  const entries = source.entries.slice(0, names.length);
  const size = { height: side, width: side };
  const set = await readImages({ ...source, entries }, { expectedSize: size, resize: resizeBilinear });
  expect(set.names).toEqual(names);
  const length = side * side * 3;
  return names.map((_, i) => ({ ...size, data: set.images.subarray(i * length, (i + 1) * length) }));
}

describe.skipIf(absent)(`the first ${names.length} faces of the validation set${note}`, () => {
  it("are found where face-api finds them", async () => {
    const detector = await openFaceDetector({ inputSize: 128, border: 0, scoreThreshold: golden.threshold });
    const found = await detector.detect(await realFaces(128));
    found.forEach((faces, i) => {
      expectFaces(faces, golden.real[names[i]!]!.detected, 128);
    });
    await detector.dispose();
  });

  it("are described as face-api describes them", async () => {
    const embedding = await openFaceEmbedding();
    const { features } = await embedding.extract(await realFaces(150));
    names.forEach((name, i) => {
      expectEmbedding(features.subarray(i * 128, (i + 1) * 128), golden.real[name]!.described);
    });
    await embedding.dispose();
  });
});
