/** Some images of a folder, by their names. */

import { type Image, openImages, streamImages } from "@touchstone/datasets";

/** Undefined in the place of one that is gone or damaged. @throws what opening the folder throws; the signal's reason */
export async function readNamed(
  folder: string,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<(Image | undefined)[]> {
  const source = await openImages(folder);
  try {
    const positions = new Map(source.entries.map(({ name }, i) => [name, i]));
    const images = new Map<string, Image>();
    const order = [...new Set(names)].flatMap((name) => positions.get(name) ?? []);
    for await (const { name, image } of streamImages(source, { order, ...(signal && { signal }) })) {
      if (image) images.set(name, image);
    }
    return names.map((name) => images.get(name));
  } finally {
    await source.close();
  }
}
