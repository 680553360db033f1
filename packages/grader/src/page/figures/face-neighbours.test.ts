import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Image, openImages, streamImages } from "@touchstone/datasets";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { collect, temporaryFolder } from "../../../../datasets/test/image-files.ts";
import { figureContext, writeNoise } from "../../../test/figure-data.ts";
import { done } from "../../../test/small-grading.ts";
import { faceNeighbours } from "./face-neighbours.ts";

let data: string;
beforeEach(() => {
  vi.stubEnv("TOUCHSTONE_CACHE", temporaryFolder());
  data = temporaryFolder();
  return () => vi.unstubAllEnvs();
});

describe("nearest training faces", { timeout: 300_000 }, () => {
  test("a copy of a training face's middle is next to it", async () => {
    const folder = join(data, "face/train");
    await writeNoise(folder, { count: 5, height: 70, width: 66 });
    const images = (await readAll(folder))
      .slice(0, 2)
      .map(({ name, image }) => ({ name, image: middle(image) }));
    const context = figureContext(data);
    const { among, found } = await done(faceNeighbours({ images }, context));
    expect(among).toBe(
      "5 images of faces/train, by the distance of a face recognition network's 128 features",
    );
    expect(found).toHaveLength(2);
    for (const [i, { generated, nearest }] of found.entries()) {
      expect(generated).toBe(images[i]!.image);
      expect(nearest).toHaveLength(3);
      expect(nearest[0]!.distance).toBeCloseTo(0, 5);
      expect(nearest[0]!.image).toEqual(generated);
      const distances = nearest.map(({ distance }) => distance);
      expect(distances).toEqual([...distances].sort((a, b) => a - b));
    }
    expect(await done(faceNeighbours({ images }, context))).toEqual({ among, found });
    expect(readdirSync(join(context.results, "figures"))).toHaveLength(1);
  });

  test("without training faces it says what is not there", async () => {
    await writeNoise(join(data, "face/val"), { count: 2, height: 64, width: 64 });
    const images = await readAll(join(data, "face/val"));
    await expect(done(faceNeighbours({ images }, figureContext(data)))).rejects.toThrow(
      /^faces\/train: expected it in/,
    );
  });
});

async function readAll(folder: string) {
  const source = await openImages(folder);
  const read = await collect(streamImages(source));
  await source.close();
  return read.map(({ name, image }) => ({ name, image: image! }));
}

/** The middle 64 x 64 of 70 x 66. */
function middle({ data, width }: Image): Image {
  const rows = Array.from({ length: 64 }, (_, y) =>
    data.slice(3 * ((y + 3) * width + 1), 3 * ((y + 3) * width + 65)),
  );
  return { height: 64, width: 64, channels: 3, data: Uint8Array.from(rows.flatMap((row) => [...row])) };
}
