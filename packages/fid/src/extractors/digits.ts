/** Features of a digit classifier: what its last layer sees. */

import { resizeBilinear } from "@touchstone/datasets";
import { openClassifier } from "@touchstone/digit-classifier";
import type { Device } from "@touchstone/jit";
import type { Extractor } from "./extractor.ts";

export interface DigitsOptions {
  /** Another classifier's checkpoint, such as the homework's. */
  weights?: string;
  device?: Device | "auto";
  /** Images of a batch; smaller ones are padded up to it. */
  batchSize?: number;
}

/** Images of another size than 28 x 28 are brought to it with PIL's bilinear filter. @throws what `openClassifier` throws */
export async function openDigits({ weights, device, batchSize }: DigitsOptions = {}): Promise<Extractor> {
  const classifier = await openClassifier(weights, {
    ...(device !== undefined && { device }),
    ...(batchSize !== undefined && { batch: batchSize }),
  });
  const { name, side, dims } = classifier.network;
  return {
    protocol: {
      extractor: `digit-classifier-${name}`,
      version: "1",
      weightsSha256: classifier.sha256,
      resize: "pil-bilinear",
      dims,
    },
    async extract(images) {
      const pixels = side * side * 3;
      const batch = new Uint8Array(images.length * pixels);
      for (const [i, { height, width, data }] of images.entries()) {
        const isSized = height === side && width === side;
        const sized = isSized
          ? data
          : resizeBilinear({ height, width, channels: 3, data }, { height: side, width: side }).data;
        batch.set(sized, i * pixels);
      }
      return { features: (await classifier.read(batch, images.length)).features };
    },
    dispose: () => classifier.dispose(),
  };
}
