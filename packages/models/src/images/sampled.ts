/** What samplers give: images as they become ready, and how far they are. */

import type { Progress } from "@touchstone/cli";
import type { Image } from "@touchstone/datasets";

export interface NamedImage extends Image {
  /** Its file's: `3_017.png`. */
  name: string;
}

export interface Sampled extends Progress {
  /** Those that are ready since the last step. */
  images: NamedImage[];
}

export type Sampling = AsyncGenerator<Sampled, void, void>;

/** All images of a sampling that is to be kept in memory. */
export async function collect(sampling: Sampling): Promise<NamedImage[]> {
  const all: NamedImage[] = [];
  for await (const { images } of sampling) all.push(...images);
  return all;
}
