/** dlib's HOG detector, for comparison: counts by a Python that has it. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RgbImage } from "../src/index.ts";

/** How many faces it finds in each image. @param python an interpreter with dlib and numpy */
export function hogCounts(python: string, images: readonly RgbImage[]): number[] {
  const input = Buffer.concat(
    images.flatMap(({ height, width, data }) => {
      const size = Buffer.alloc(8);
      size.writeUInt32LE(height, 0);
      size.writeUInt32LE(width, 4);
      return [size, data];
    }),
  );
  const script = fileURLToPath(new URL("hog_counts.py", import.meta.url));
  const { stdout, stderr, status, error } = spawnSync(python, [script], { input, maxBuffer: 2 ** 28 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${python} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout.toString());
}
