import { resizeBilinear } from "@touchstone/datasets";
import { afterAll, describe, expect, it } from "vitest";
import { expectEmbedding } from "../../test/agreement.ts";
import { drawing, golden } from "../../test/golden.ts";
import { InvalidImageError, openFaceEmbedding } from "../index.ts";

const embedding = await openFaceEmbedding();
afterAll(() => embedding.dispose());

it("describes drawings as face-api does", async () => {
  const names = Object.keys(golden.described);
  const { features } = await embedding.extract(names.map(drawing));
  names.forEach((name, i) => {
    expectEmbedding(features.subarray(i * 128, (i + 1) * 128), golden.described[name]!);
  });
});

describe("images", () => {
  const [small, other] = [drawing("face-64"), drawing("ground-150")];

  it("of other sizes are brought to 150 x 150 as the protocol says", async () => {
    expect(embedding.protocol).toMatchObject({ resize: "pil-bilinear", dims: 128 });
    const resized = resizeBilinear({ ...small, channels: 3 }, { height: 150, width: 150 });
    const { features } = await embedding.extract([small, resized]);
    expect(features.subarray(0, 128)).toEqual(features.subarray(128));
  });

  it("have the same features among others as alone", async () => {
    const many = Array.from({ length: 20 }, (_, i) => (i === 17 ? small : other));
    const { features } = await embedding.extract(many);
    const { features: alone } = await embedding.extract([small]);
    expect(features.subarray(17 * 128, 18 * 128)).toEqual(alone);
  });

  it("may be none", async () => {
    expect((await embedding.extract([])).features).toHaveLength(0);
  });

  it("of another length than their size are refused", async () => {
    const broken = { height: 150, width: 150, data: new Uint8Array(150) };
    await expect(embedding.extract([small, broken])).rejects.toThrow(InvalidImageError);
    await expect(embedding.extract([small, broken])).rejects.toThrow(
      "Image 1: expected 150 x 150 x 3 = 67500 bytes",
    );
  });
});
