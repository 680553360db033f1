/** The images that the settings of the face detector are chosen by, and that it is measured on. */

import { join } from "node:path";
import {
  type Image,
  type ImageSource,
  openImages,
  proceduralTextures,
  readPhotographs,
  resizeBilinear,
  type Size,
  streamImages,
} from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import type { RgbImage } from "../src/index.ts";

export interface Sample {
  name: string;
  images: RgbImage[];
}

const SIDE = 64;
const SQUARE: Size = { height: SIDE, width: SIDE };

/** `count` faces of the training set, spread over it, as the homework's generators see them: the middle 64 x 64. */
export async function trainingFaces(data: string, count: number): Promise<RgbImage[]> {
  const faces = await read(join(data, "hw2_data/face/train"), count);
  return faces.map((face) => crop(face, (face.height - SIDE) >> 1, (face.width - SIDE) >> 1, SIDE));
}

export function validationFaces(data: string): Promise<RgbImage[]> {
  return read(join(data, "hw2_data/face/val"));
}

/** Each of the first half beside one of the second: 64 x 128. */
export function pairs(faces: readonly RgbImage[]): RgbImage[] {
  const half = Math.floor(faces.length / 2);
  return faces.slice(0, half).map((left, i) => besides(left, faces[half + i]!));
}

/** Faces bent in waves of `amplitude` pixels, as bad generators bend them. */
export function bent(faces: readonly RgbImage[], amplitude: number): RgbImage[] {
  const within = (x: number) => Math.min(SIDE - 1, Math.max(0, Math.round(x)));
  return faces.map(({ data }, i) => {
    const out = new Uint8Array(data.length);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const row = within(y + amplitude * Math.sin((x + 7 * i) / 6));
        const column = within(x + amplitude * Math.cos((y + 5 * i) / 7));
        const at = (row * SIDE + column) * 3;
        out.set(data.subarray(at, at + 3), (y * SIDE + x) * 3);
      }
    }
    return { ...SQUARE, data: out };
  });
}

/** Five crops of each photograph, of 64 to 256 pixels a side, all at 64 x 64. There are people in some. */
export async function photographs(data: string): Promise<RgbImage[]> {
  const { images } = await readPhotographs(join(data, "bsds500"));
  const sides = [64, 64, 128, 192, 256];
  return images.flatMap((photo, i) =>
    sides.map((side, k) => {
      const top = (37 * i + 53 * k) % (photo.height - side);
      const left = (71 * i + 29 * k) % (photo.width - side);
      return resizeBilinear(crop(photo, top, left, side), SQUARE);
    }),
  );
}

/** Images without a face. */
export async function others(data: string, count: number): Promise<Sample[]> {
  const digits = await Promise.all(
    ["mnistm/test", "svhn/val", "usps/val"].map(async (name): Promise<Sample> => {
      const images = await read(join(data, "hw2_data/digits", name), count);
      return { name: `digits: ${name}`, images };
    }),
  );
  const generator = generatorFromSeed(0);
  const noise = Array.from({ length: count }, (_, i): RgbImage => {
    const values = generator.split(`noise ${i}`).uniform(SIDE * SIDE * 3);
    return { ...SQUARE, data: Uint8Array.from(values, (u) => Math.floor(256 * u)) };
  });
  const textures = proceduralTextures(generator).images.map((image) => resizeBilinear(image, SQUARE));
  return [...digits, { name: "noise", images: noise }, { name: "drawn textures", images: textures }];
}

/** All images of a folder, or `count` spread over it. */
async function read(folder: string, count?: number): Promise<Image[]> {
  const source: ImageSource = await openImages(folder);
  const all = source.entries.length;
  const wanted = Math.min(count ?? all, all);
  const order = Array.from({ length: wanted }, (_, i) => Math.floor((i * all) / wanted));
  const images: Image[] = [];
  for await (const { image, problem } of streamImages(source, { order })) {
    if (problem) throw new Error(problem.message);
    images.push(image);
  }
  await source.close();
  return images;
}

function crop({ width, data }: Image, top: number, left: number, side: number): Image {
  const out = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    const at = ((top + row) * width + left) * 3;
    out.set(data.subarray(at, at + side * 3), row * side * 3);
  }
  return { height: side, width: side, channels: 3, data: out };
}

function besides(a: RgbImage, b: RgbImage): RgbImage {
  const length = SIDE * 3;
  const data = new Uint8Array(SIDE * 2 * length);
  for (let row = 0; row < SIDE; row++) {
    data.set(a.data.subarray(row * length, (row + 1) * length), 2 * row * length);
    data.set(b.data.subarray(row * length, (row + 1) * length), (2 * row + 1) * length);
  }
  return { height: SIDE, width: 2 * SIDE, data };
}
