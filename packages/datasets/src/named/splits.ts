/** Which data sets there are: a table of what they consist of and how each is read. */

import type { ImageArray, Size } from "../types.ts";
import { ARCHIVES } from "./archives.ts";
import { type Digits, toRgb } from "./digits.ts";
import { readHomeworkDigits, readHomeworkImages } from "./homework.ts";
import { mnistFolder, readMnist } from "./mnist.ts";
import { readMnistMArchive } from "./mnist-m-archive.ts";
import { readPhotographs } from "./photographs.ts";
import type { Split } from "./places.ts";
import { readSvhn } from "./svhn.ts";
import { readUsps } from "./usps.ts";

const square = (side: number): Size => ({ height: side, width: side });
const digits = (part: string) => ({ part: `digits/${part}`, read: readHomeworkDigits });
const faces = (part: string) => ({ part: `face/${part}`, read: readHomeworkImages });
const mnist = (split: "train" | "test") => ({
  folder: mnistFolder,
  read: async (path: string) => toRgb(await readMnist(path, split)),
});
const mnistM = (split: "train" | "test") => ({
  file: ARCHIVES.mnistM,
  read: (path: string) => readMnistMArchive(path, split),
});
const usps = (split: "uspsTrain" | "uspsTest") => ({
  file: ARCHIVES[split],
  read: async (path: string) => toRgb(await readUsps(path)),
});
const svhn = (split: "svhnTrain" | "svhnTest", start?: number, end?: number) => ({
  file: ARCHIVES[split],
  read: (path: string) => readSvhn(path, start, end),
});

const DIGITS = {
  "mnist/train": { count: 60_000, stored: square(28), npm: mnist("train") },
  "mnist/test": { count: 10_000, stored: square(28), npm: mnist("test") },
  "mnist-m/train": { stored: square(28), folder: digits("mnistm/train"), archive: mnistM("train") },
  "mnist-m/test": {
    count: 9_001,
    stored: square(28),
    folder: digits("mnistm/test"),
    archive: mnistM("test"),
  },
  "usps/train": {
    count: 7_291,
    stored: square(16),
    folder: digits("usps/train"),
    archive: usps("uspsTrain"),
  },
  "usps/val": { count: 2_007, stored: square(16), folder: digits("usps/val"), archive: usps("uspsTest") },
  // The homework's SVHN is the beginning of the published test set.
  "svhn/train": {
    count: 8_000,
    stored: square(32),
    folder: digits("svhn/train"),
    archive: svhn("svhnTest", 0, 8_000),
  },
  "svhn/val": {
    count: 2_000,
    stored: square(32),
    folder: digits("svhn/val"),
    archive: svhn("svhnTest", 8_000, 10_000),
  },
  "svhn-full/train": { count: 73_257, stored: square(32), archive: svhn("svhnTrain") },
  "svhn-full/test": { count: 26_032, stored: square(32), archive: svhn("svhnTest") },
};

const FACES = {
  "faces/train": { count: 7_975, stored: { height: 109, width: 89 }, folder: faces("train") },
  "faces/val": { count: 2_025, stored: square(64), folder: faces("val") },
};

export type DigitSplit = keyof typeof DIGITS;
export type FaceSplit = keyof typeof FACES;

export const DIGIT_SPLITS: Record<DigitSplit, Split<Digits>> = DIGITS;
export const FACE_SPLITS: Record<FaceSplit, Split<ImageArray>> = FACES;

/** All that can be listed and verified. The photographs are of two sizes, and so no array. */
export const SPLITS: Record<string, Split<{ count: number }>> = {
  ...DIGITS,
  ...FACES,
  bsds500: {
    count: 200,
    folder: {
      part: "bsds500",
      read: async (path, { signal }) => ({ count: (await readPhotographs(path, signal)).images.length }),
    },
  },
};
