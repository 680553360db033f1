/** What to put behind the digits of MNIST-M: photographs where there are some, textures otherwise. */

import type { Generator } from "@touchstone/nn";
import { dataFolders } from "./folders.ts";
import type { Backgrounds } from "./mnist-m.ts";
import { readPhotographs } from "./photographs.ts";
import { placesOf } from "./places.ts";
import { SPLITS } from "./splits.ts";
import { proceduralTextures } from "./textures.ts";

export interface BackgroundOptions {
  /** A folder or zip of photographs; by default `bsds500` in the data folder or the cache. */
  photographs?: string;
  /** The data folder; by default TOUCHSTONE_DATA. */
  data?: string;
  /** Draws the textures. */
  generator: Generator;
  signal?: AbortSignal;
}

/** Backgrounds for `composeMnistM`; their name says which of the two they are. @throws what `readPhotographs` throws */
export async function mnistMBackgrounds(options: BackgroundOptions): Promise<Backgrounds> {
  const { generator, signal } = options;
  const path = options.photographs ?? placesOf(SPLITS.bsds500!, dataFolders(options.data))[0]?.path;
  return path === undefined ? proceduralTextures(generator) : readPhotographs(path, signal);
}
