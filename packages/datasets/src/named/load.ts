/** Data sets by name: `loadDataset("usps/val")`. */

import type { Generator } from "@touchstone/nn";
import { InvalidOptionError } from "../errors.ts";
import { resizeBilinear } from "../images/resize.ts";
import type { Image, ImageArray, LabeledImages, Size } from "../types.ts";
import { mnistMBackgrounds } from "./backgrounds.ts";
import { cropCenter } from "./crop.ts";
import { datasetNamed, howToGet } from "./datasets.ts";
import type { Digits } from "./digits.ts";
import { MissingDatasetError, UnknownDatasetError, WrongDatasetError } from "./errors.ts";
import { dataFolders } from "./folders.ts";
import { mnistDigits } from "./mnist.ts";
import { composeMnistM } from "./mnist-m.ts";
import { type Place, placesOf, type Split } from "./places.ts";
import { DIGIT_SPLITS, type DigitSplit, FACE_SPLITS, type FaceSplit } from "./splits.ts";

export interface LoadOptions {
  /** A folder in the homework's layout, looked in first; by default TOUCHSTONE_DATA. */
  data?: string;
  /** Height and width of digits, to which they are brought by `resizeBilinear`; default 28. Faces are always 64. */
  size?: number;
  /** Draws `mnist-m/train` where it has to be made. */
  generator?: Generator;
  /** Has `mnist-m/train` made of these photographs; without, those of `mnistMBackgrounds` are taken where it has to be made. */
  photographs?: string;
  signal?: AbortSignal;
}

const DIGIT_SIZE = 28;
const FACE_SIZE = 64;

/**
 * Reads a whole data set from the data folder, the cache or an npm package, whichever has it first.
 *
 * Digits are RGB of `size`; gray is repeated. Of `mnist-m/train` there is no one version: it is the homework's or the
 * published one where either is there, and made otherwise, and its `name` says which. Faces are the middle 64x64 pixels.
 *
 * @throws MissingDatasetError saying how to get it; UnknownDatasetError; InvalidOptionError; what reading it throws
 */
export function loadDataset(name: DigitSplit, options?: LoadOptions): Promise<LabeledImages>;
export function loadDataset(name: FaceSplit, options?: LoadOptions): Promise<ImageArray & { name: string }>;
export async function loadDataset(
  name: DigitSplit | FaceSplit,
  options: LoadOptions = {},
): Promise<ImageArray & { name: string }> {
  if (Object.hasOwn(FACE_SPLITS, name)) return loadFaces(name as FaceSplit, options);
  if (Object.hasOwn(DIGIT_SPLITS, name)) return loadDigits(name as DigitSplit, options);
  throw new UnknownDatasetError(name, [...Object.keys(DIGIT_SPLITS), ...Object.keys(FACE_SPLITS)]);
}

async function loadDigits(name: DigitSplit, options: LoadOptions): Promise<LabeledImages> {
  const { size = DIGIT_SIZE } = options;
  if (!Number.isInteger(size) || size < 1 || size > 1024) {
    throw new InvalidOptionError("size", "an integer from 1 to 1024", size);
  }
  const place = firstPlace(DIGIT_SPLITS[name], options);
  const digits =
    name === "mnist-m/train"
      ? await mnistMTrain(place, options)
      : { ...(await read(name, place, options)), name };
  return bringTo(digits, { height: size, width: size }, resizeBilinear);
}

async function mnistMTrain(place: Place<Digits> | undefined, options: LoadOptions): Promise<LabeledImages> {
  if (place && options.photographs === undefined) {
    const digits = await read("mnist-m/train", place, options);
    return { ...digits, name: `mnist-m/train (${place.kind === "archive" ? "published" : "homework"})` };
  }
  const { generator, photographs, data, signal } = options;
  if (!generator) {
    throw new InvalidOptionError("generator", "a seeded generator to make mnist-m/train with", "none");
  }
  const backgrounds = await mnistMBackgrounds({
    generator: generator.split("backgrounds"),
    ...(photographs !== undefined && { photographs }),
    ...(data !== undefined && { data }),
    ...(signal && { signal }),
  });
  const made = composeMnistM(await mnistDigits("train"), backgrounds, generator.split("crops"));
  return { ...made, name: `mnist-m/train (${backgrounds.name})` };
}

async function loadFaces(name: FaceSplit, options: LoadOptions): Promise<ImageArray & { name: string }> {
  const place = firstPlace<ImageArray>(FACE_SPLITS[name], options);
  const faces = await read(name, place, options);
  if (Math.min(faces.height, faces.width) < FACE_SIZE) {
    const found = `${faces.width}x${faces.height}`;
    throw new WrongDatasetError(
      place?.path ?? name,
      `images of at least ${FACE_SIZE}x${FACE_SIZE} pixels`,
      found,
    );
  }
  return { ...bringTo(faces, { height: FACE_SIZE, width: FACE_SIZE }, cropCenter), name };
}

function firstPlace<T>(split: Split<T>, { data }: LoadOptions): Place<T> | undefined {
  return placesOf(split, dataFolders(data))[0];
}

function read<T>(name: string, place: Place<T> | undefined, { data, signal }: LoadOptions): Promise<T> {
  if (place) return place.read(signal ? { signal } : {});
  const lookedIn = dataFolders(data).map(({ kind, path }) => `the ${kind} ${path}`);
  throw new MissingDatasetError(name, lookedIn, howToGet(datasetNamed(name)!));
}

/** All images as `bring` makes one of them; as they are if they have that size. */
function bringTo<T extends ImageArray>(from: T, size: Size, bring: (image: Image, size: Size) => Image): T {
  const { images, count, height, width } = from;
  if (height === size.height && width === size.width) return from;
  const [before, after] = [height * width * 3, size.height * size.width * 3];
  const out = new Uint8Array(count * after);
  for (let i = 0; i < count; i++) {
    const data = images.subarray(i * before, (i + 1) * before);
    out.set(bring({ height, width, channels: 3, data }, size).data, i * after);
  }
  return { ...from, ...size, images: out };
}
