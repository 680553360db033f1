/** Samples side by side: the first 32 faces, ten of each digit, the steps of a reverse process. */

import type { Image } from "@touchstone/datasets";
import sharp from "sharp";
import { arrange } from "../images/arrange.ts";
import { fitted } from "../images/fitted.ts";
import type { Drawing, Figure } from "./figure.ts";

export interface GridOptions {
  columns: number;
  /** Pixels between two images. */
  gap?: number;
}

/** A grid is shown about this wide, or high. */
const SHOWN = 560;
/** Longest side of an image in a grid. */
const LARGEST = 128;

/**
 * A PNG of images in rows, each as it is; those larger than 128 pixels are made smaller. An undefined image leaves a gap.
 *
 * @throws FigureDataError without images
 */
export async function sampleGrid(
  images: readonly (Image | undefined)[],
  { columns, gap = 2 }: GridOptions,
): Promise<Drawing & { kind: "png" }> {
  const small = images.map((image) => image && fitted(image, LARGEST));
  const background = 128; // Black and white images both have an edge against it.
  const { data, width, height } = arrange("Sample grid", small, { columns, gap, background });
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  const scale = Math.max(1, Math.min(4, Math.floor(SHOWN / Math.max(width, height))));
  return { kind: "png", png, width, height, scale };
}

/** The steps of the reverse process of one sample, from noise to image. */
export async function reverseProcess(
  steps: readonly { t: number; image: Image }[],
  title: string,
): Promise<Figure> {
  const times = steps.map(({ t }) => t).join(", ");
  return {
    title,
    alt: `One sample at t = ${times}, from noise to an image.`,
    caption: `From the left: t = ${times}.`,
    drawing: await sampleGrid(
      steps.map(({ image }) => image),
      { columns: steps.length },
    ),
  };
}

export interface Neighbours {
  generated: Image;
  /** The nearest first. */
  nearest: readonly { image: Image; distance: number }[];
}

/**
 * Generated images, each beside the training images that are nearest to it: copies would stand out.
 *
 * @param among what they are the nearest of, and by which distance: `7,975 images of faces/train by ...`
 */
export async function neighbourGrid(
  neighbours: readonly Neighbours[],
  { title, among }: { title: string; among: string },
): Promise<Figure> {
  const most = Math.max(0, ...neighbours.map(({ nearest }) => nearest.length));
  const smallest = Math.min(...neighbours.flatMap(({ nearest }) => nearest.map(({ distance }) => distance)));
  const cells = neighbours.flatMap(({ generated, nearest }) => [
    generated,
    ...Array.from({ length: most }, (_, i) => nearest[i]?.image),
  ]);
  const found = Number.isFinite(smallest) ? ` The smallest distance is ${smallest.toPrecision(3)}.` : "";
  return {
    title,
    alt: `${neighbours.length} generated images, each followed by the ${most} nearest of ${among}.${found}`,
    caption: `First in each row: a generated image; then the nearest of ${among}, the nearest first.${found}`,
    drawing: await sampleGrid(cells, { columns: most + 1 }),
  };
}
