/** Whether a generator of faces copies what it was trained on: its first faces beside the training faces that are nearest to them. */

import { createHash } from "node:crypto";
import type { Work } from "@touchstone/cli";
import { cropCenter, type Image } from "@touchstone/datasets";
import { type Extractor, neighboursIn, openExtractor } from "@touchstone/fid";
import type { NamedImage, RunOutput } from "@touchstone/report";
import { z } from "zod";
import { hashData } from "../../grade/hash-folder.ts";
import type { FigureContext, Run } from "./context.ts";
import { FigureSourceError } from "./errors.ts";
import { kept } from "./kept.ts";
import { readNamed } from "./read-named.ts";

const TRAINING = { split: "faces/train" };
/** Faces that are shown, and the neighbours of each. */
const FACES = 8;
const NEIGHBOURS = 3;
/** What of a training face a generator is trained on, the middle. */
const SIDE = 64;

const schema = z.object({
  /** How many faces were searched. */
  count: z.number(),
  nearest: z.array(z.array(z.object({ name: z.string(), distance: z.number() }))),
});

export const isFaceProblem = ({ column }: Run["job"]): boolean =>
  column.metrics.some(
    (spec) => spec.kind === "face-rate" || ("extractor" in spec && spec.extractor === "face"),
  );

/** @throws MissingDatasetError where there are no training faces; what computing their features throws */
export async function* faceNeighbours(
  { images }: Pick<Run, "images">,
  context: FigureContext,
): Work<NonNullable<RunOutput["neighbours"]>> {
  const { results, references, signal } = context;
  const generated = images.slice(0, FACES);
  if (generated.length === 0) throw new FigureSourceError("The output", "images", "none");
  const folder = references.images(TRAINING);
  const parts = { generated: hashOf(generated), training: await hashData(folder), k: NEIGHBOURS };
  const { count, nearest } = yield* kept({ folder: results, kind: "neighbours", parts, schema }, () =>
    search(generated, context),
  );
  const names = nearest.flat().map(({ name }) => name);
  const read = await readNamed(folder, names, signal);
  const imageOf = new Map(names.map((name, i) => [name, read[i] && middle(read[i])]));
  const found = generated.map(({ image }, i) => ({
    generated: image,
    nearest: nearest[i]!.flatMap(({ name, distance }) => {
      const image = imageOf.get(name);
      return image ? [{ image, distance }] : [];
    }),
  }));
  const among = `${count} images of ${TRAINING.split}, by the distance of a face recognition network's 128 features`;
  return { among, found };
}

async function* search(
  generated: readonly NamedImage[],
  { references, device, signal }: FigureContext,
): Work<z.infer<typeof schema>> {
  const embedding = yield* openExtractor({ extractor: "face", device });
  try {
    const training = yield* references.features(TRAINING, ofMiddle(embedding), signal);
    const { features } = await embedding.extract(generated.map(({ image }) => image));
    const { dims } = embedding.protocol;
    const queries = { data: features, count: generated.length, dims };
    const base = training.features!;
    const k = Math.min(NEIGHBOURS, base.count);
    const { indices, squared } = yield* neighboursIn(base, queries, k, "nearest faces");
    return {
      count: base.count,
      nearest: generated.map((_, i) =>
        Array.from({ length: k }, (_, j) => ({
          name: training.names![indices[i * k + j]!]!,
          distance: Math.sqrt(squared[i * k + j]!),
        })),
      ),
    };
  } finally {
    await embedding.dispose();
  }
}

/** Another protocol: features of whole images are kept under another key. */
function ofMiddle({ protocol, ...extractor }: Extractor): Extractor {
  return {
    ...extractor,
    protocol: { ...protocol, resize: `middle ${SIDE}x${SIDE}, ${protocol.resize}` },
    extract: (images) => extractor.extract(images.map((image) => middle(image as Image))),
  };
}

const middle = (image: Image): Image =>
  Math.min(image.height, image.width) < SIDE ? image : cropCenter(image, { height: SIDE, width: SIDE });

function hashOf(images: readonly NamedImage[]): string {
  const hash = createHash("sha256");
  for (const { image } of images) hash.update(`${image.height}x${image.width} `).update(image.data);
  return hash.digest("hex");
}
