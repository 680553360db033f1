/** Which metrics an assignment may ask for, with their reference data and protocol. */

import { z } from "zod";
import { count, line, symbol } from "./fields.ts";
import { reference } from "./reference.ts";

const common = (name: string, label: string) => ({
  /** In expressions. */
  name: symbol.default(name),
  /** In tables. */
  label: line.default(label),
  /** By name: `simple: 30` is `fid_simple` in expressions. */
  baselines: z.record(symbol, z.number({ error: "a number" })).default({}),
});

/** A feature space; see `openExtractor` of @touchstone/fid. */
const extractor = {
  /** `inception`, `face`, `digits`, or the path of an .onnx file. */
  extractor: line
    .refine((text) => /^(inception|face|digits)$|\.onnx$/i.test(text), {
      error: ({ input }) => `expected inception, face, digits or an .onnx file, found "${input}"`,
    })
    .default("inception"),
  /** Of `inception`. */
  dims: z.literal([64, 192, 768, 2048]).exactOptional(),
  /** Of `inception`. */
  resize: z.enum(["pytorch", "clean", "tensorflow", "antialias"]).exactOptional(),
};

const fid = z.strictObject({
  kind: z.literal("fid"),
  ...common("fid", "FID"),
  ...extractor,
  reference,
});

const kid = z.strictObject({
  kind: z.literal("kid"),
  ...common("kid", "KID"),
  ...extractor,
  reference,
  subsets: count("a number of subsets of at least 1").exactOptional(),
  subsetSize: count("images of a subset, at least 1").exactOptional(),
});

/** Share of the images in which exactly one face is found. */
const faceRate = z.strictObject({ kind: z.literal("face-rate"), ...common("face_rate", "one face") });

/** Share of the images that another image nearly repeats, by distances of features. */
const nearDuplicates = z.strictObject({
  kind: z.literal("near-duplicates"),
  ...common("near_duplicate_share", "near duplicates"),
  ...extractor,
  reference,
});

/** How many digit images a classifier reads as the class in their names; also of each class, as `accuracy_3`. */
const digitAccuracy = z.strictObject({
  kind: z.literal("digit-accuracy"),
  ...common("accuracy", "accuracy"),
  /** Path of a classifier's weights; by default ours. */
  classifier: line.exactOptional(),
});

/** How many rows of the table have the right label. */
const labelAccuracy = z.strictObject({
  kind: z.literal("label-accuracy"),
  ...common("accuracy", "accuracy"),
});

/** Images per second of the run. */
const throughput = z.strictObject({
  kind: z.literal("throughput"),
  ...common("images_per_second", "images/s"),
});

export const metric = z.discriminatedUnion("kind", [
  fid,
  kid,
  faceRate,
  nearDuplicates,
  digitAccuracy,
  labelAccuracy,
  throughput,
]);

export type MetricSpec = z.output<typeof metric>;

const DIGITS = 10;

/** The names of the values that a metric gives: its own, and those of its parts. */
export function valuesOf({ kind, name }: MetricSpec): string[] {
  if (kind !== "digit-accuracy") return [name];
  return [name, ...Array.from({ length: DIGITS }, (_, digit) => `${name}_${digit}`)];
}

/** The baselines of metrics under their names in expressions: `fid_simple`. */
export function baselinesOf(metrics: readonly MetricSpec[]): Record<string, number> {
  return Object.fromEntries(
    metrics.flatMap(({ name, baselines }) =>
      Object.entries(baselines).map(([baseline, value]) => [`${name}_${baseline}`, value]),
    ),
  );
}
