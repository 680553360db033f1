/** What a DANN model's features make of two domains: t-SNE of labelled images of the source and of the target. */

import type { Work } from "@touchstone/cli";
import { type Image, openImages, readLabelTable } from "@touchstone/datasets";
import { generatorFromSeed, readCheckpoint } from "@touchstone/nn";
import type { Point, RunOutput } from "@touchstone/report";
import { z } from "zod";
import type { Reference } from "../../assignment/index.ts";
import { hashData, hashFile } from "../../grade/hash-folder.ts";
import type { References } from "../../score/references.ts";
import type { FigureContext, Run } from "./context.ts";
import { FigureSourceError } from "./errors.ts";
import { kept } from "./kept.ts";
import { readNamed } from "./read-named.ts";

/** What `pnpm train dann` adapts from. */
const SOURCE = { split: "mnist-m/test" };
/** Images of each domain. */
const MOST = 1000;
/** As van der Maaten and Hinton recommend; fewer points have fewer neighbours. */
const perplexityOf = (count: number) => Math.min(30, Math.floor((count - 1) / 3));
const SEED = 0;

const coordinates = z.object({ names: z.array(z.string()), xy: z.array(z.number()) });
/** [source, target] */
const schema = z.object({ domains: z.tuple([coordinates, coordinates]), klDivergence: z.number() });

interface Domain {
  /** `svhn/val`. */
  name: string;
  /** Folder or zip. */
  images: string;
  /** Table of labels. */
  labels: string;
}

/** @throws MissingDatasetError, MissingReferenceError; what reading the checkpoint and the images throws */
export async function* featureMap(
  { job: { column, problem } }: Pick<Run, "job">,
  checkpoint: string,
  { results, references, device, signal }: FigureContext,
): Work<NonNullable<RunOutput["maps"]>[number]> {
  if (!column.images || problem.output.kind !== "csv")
    throw new FigureSourceError("The problem", "images to label", "none");
  const domains = [domainOf(SOURCE, references), domainOf(column.images, references, column.labels)] as const;
  const weights = await readCheckpoint(checkpoint);
  const listings = await Promise.all(
    domains.map(async ({ images, labels }) => [await hashData(images), await hashFile(labels)]),
  );
  const parts = { checkpoint: weights.sha256, listings, most: MOST, seed: SEED };
  const map = yield* kept({ folder: results, kind: "map", parts, schema }, async function* () {
    const params = await paramsOf(weights);
    try {
      const read: Features[] = [];
      for (const domain of domains) read.push(yield* featuresOf(domain, params, { device, signal }));
      return yield* embed(read);
    } finally {
      for (const tensor of Object.values(params)) tensor.dispose();
    }
  });
  const points: Point[] = [];
  for (const [i, domain] of domains.entries())
    points.push(...(await pointsOf(domain, map.domains[i as 0 | 1], signal)));
  const counts = domains.map(({ name }, i) => `${map.domains[i as 0 | 1].names.length} images of ${name}`);
  const perplexity = perplexityOf(points.length);
  const note = `${counts.join(" and ")}, by their 512 features; perplexity ${perplexity}, KL divergence ${map.klDivergence.toFixed(2)}.`;
  return { title: "t-SNE of features", note, points };
}

function domainOf(images: Reference, references: References, labels: Reference = images): Domain {
  const name = "split" in images ? images.split : "path" in images ? images.path : images.given;
  return { name, images: references.images(images), labels: references.labels(labels) };
}

type Checkpoint = Awaited<ReturnType<typeof readCheckpoint>>;
type Params = ReturnType<typeof import("@touchstone/models").loadDann>;

interface Features {
  names: string[];
  features: Float32Array;
}

// Only here, as the networks take a second to load.
const paramsOf = async (weights: Checkpoint): Promise<Params> =>
  (await import("@touchstone/models")).loadDann(weights);

/** Of at most 1,000 labelled images, drawn by a fixed seed. */
async function* featuresOf(
  { images, labels }: Domain,
  params: Params,
  { device, signal }: Pick<FigureContext, "device"> & { signal: AbortSignal | undefined },
): Work<Features> {
  const { predict } = await import("@touchstone/models");
  const table = await readLabelTable(labels, { classes: 10 });
  const source = await openImages(images);
  try {
    const labelled = source.entries.filter(({ name }) => (table.labels.get(name)?.label ?? -1) >= 0);
    if (labelled.length < 2) throw new FigureSourceError(labels, "labels of the images of a domain", "none");
    const drawn = generatorFromSeed(SEED).permutation(labelled.length).slice(0, MOST).sort();
    const entries = Array.from(drawn, (i) => labelled[i]!);
    const { names, features } = yield* predict({ ...source, entries }, params, {
      features: true,
      engine: { device },
      ...(signal && { signal }),
    });
    return { names, features: features! };
  } finally {
    await source.close();
  }
}

async function* embed(read: readonly Features[]): Work<z.infer<typeof schema>> {
  const { tsne } = await import("@touchstone/tsne");
  const count = read.reduce((sum, { names }) => sum + names.length, 0);
  const dims = read[0]!.features.length / read[0]!.names.length;
  const data = new Float32Array(count * dims);
  data.set(read[0]!.features);
  data.set(read[1]!.features, read[0]!.features.length);
  const { embedding, klDivergence } = yield* tsne(
    { data, count, dims },
    { generator: generatorFromSeed(SEED), perplexity: perplexityOf(count) },
  );
  const rows = Array.from(embedding, (value) => Number(value.toPrecision(5)));
  const split = 2 * read[0]!.names.length;
  return {
    domains: [
      { names: read[0]!.names, xy: rows.slice(0, split) },
      { names: read[1]!.names, xy: rows.slice(split) },
    ],
    klDivergence,
  };
}

/** With the images, where they can be read. */
async function pointsOf(
  { name, images, labels }: Domain,
  { names, xy }: z.infer<typeof coordinates>,
  signal: AbortSignal | undefined,
): Promise<Point[]> {
  const table = await readLabelTable(labels, { classes: 10 });
  const read: (Image | undefined)[] = await readNamed(images, names, signal);
  return names.map((file, i) => ({
    x: xy[2 * i]!,
    y: xy[2 * i + 1]!,
    class: String(table.labels.get(file)?.label ?? "none"),
    domain: name,
    ...(read[i] && { image: read[i] }),
  }));
}
