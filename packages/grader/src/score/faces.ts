/** The share of images in which exactly one face is found. */

import type { Work } from "@touchstone/cli";
import { type Image, streamImages } from "@touchstone/datasets";
import { wilsonInterval } from "@touchstone/digit-classifier";
import { openFaceDetector } from "@touchstone/faces";
import type { Metric } from "../results/results.ts";
import type { Output, ScoreContext, SpecOf } from "./context.ts";
import { shareOf } from "./metric.ts";

const BATCH = 64;

/** Of the images that were asked for: one that is missing or cannot be read has no face. */
export async function* scoreFaces(
  spec: SpecOf<"face-rate">,
  { images, expected }: Extract<Output, { kind: "images" }>,
  { device, signal }: ScoreContext,
): Work<Metric> {
  const detector = await openFaceDetector({ device });
  try {
    let passed = 0;
    let batch: Image[] = [];
    const total = images.entries.length;
    const count = async () => {
      const faces = await detector.detect(batch);
      passed += faces.filter(({ length }) => length === 1).length;
      batch = [];
    };
    for await (const { index, image } of streamImages(images, signal ? { signal } : {})) {
      if (image) batch.push(image);
      if (batch.length === BATCH) await count();
      yield { label: "finding faces", done: index + 1, total, unit: "images" };
    }
    if (batch.length > 0) await count();
    const n = Math.max(expected, total);
    const { protocol } = detector;
    return shareOf(spec, { share: passed / n, n, interval: wilsonInterval(passed, n) }, { ...protocol });
  } finally {
    await detector.dispose();
  }
}
