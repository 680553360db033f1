/** All that a page can show of a run: what it made, and what can be found out about that. What cannot be shown is said. */

import { follow, type ProgressRenderer, type Work } from "@touchstone/cli";
import { openImages } from "@touchstone/datasets";
import { type DigitScore, openClassifier, scoreFolder } from "@touchstone/digit-classifier";
import { METRICS } from "@touchstone/fid";
import { CHECKPOINTS } from "@touchstone/models/shipped";
import { type MissingFigure, type RunOutput, readImagesOf } from "@touchstone/report";
import { fillCommand, type MetricSpec } from "../assignment/index.ts";
import { checkpointsOf } from "../grade/builtin.ts";
import { type Job, outputFolder, slotOf } from "../grade/index.ts";
import type { ProblemResult } from "../results/results.ts";
import type { FigureContext, Run } from "./figures/context.ts";
import { faceNeighbours, isFaceProblem } from "./figures/face-neighbours.ts";
import { featureMap } from "./figures/feature-map.ts";
import { reverseOf } from "./figures/reverse-process.ts";
import { trainingLog } from "./figures/training-log.ts";

/** @param submission whose it is  @throws the signal's reason */
export async function outputOf(
  result: ProblemResult,
  job: Job,
  submission: string,
  context: FigureContext,
  renderer: ProgressRenderer,
): Promise<RunOutput> {
  const { results, signal } = context;
  const output = outputFolder(results, { ...slotOf(job, {}), submission }, result.runKey);
  const images = job.problem.output.kind === "images" ? await readImagesOf(output, signal) : [];
  if (result.status !== "graded") {
    const why = "it was not graded; the remarks on it say why";
    return { images, missing: [{ figure: "what is found out about a run", why }] };
  }
  const words = job.isBuiltin ? wordsOf(job) : undefined;
  const run: Run = { job, result, output, images, ...(words && { words }) };
  const parts: RunOutput[] = [{ images, missing: missingOf(run) }];
  for (const [figure, make] of producersOf(run, context, renderer)) {
    try {
      parts.push(await make());
    } catch (error) {
      signal?.throwIfAborted();
      parts.push({ missing: [{ figure, why: error instanceof Error ? error.message : String(error) }] });
    }
  }
  return Object.assign({}, ...parts, { missing: parts.flatMap(({ missing = [] }) => missing) });
}

type Producer = readonly [figure: string, make: () => Promise<RunOutput>];

/** What there is to find out about such a run. */
function* producersOf(run: Run, context: FigureContext, renderer: ProgressRenderer): Generator<Producer> {
  const { job, images, output, words } = run;
  const shown = <T>(work: Work<T>): Promise<T> => follow(work, renderer);
  const digits = job.column.metrics.find(({ kind }) => kind === "digit-accuracy");
  if (digits && images.length > 0)
    yield ["confusion", async () => ({ digits: await shown(readDigits(output, digits, context)) })];
  if (images.length > 0 && isFaceProblem(job))
    yield [
      "nearest training images",
      async () => ({ neighbours: await shown(faceNeighbours(run, context)) }),
    ];
  const checkpoint = words && checkpointsOf(words)[0];
  if (checkpoint === undefined) return;
  const command = words!.slice(0, 2).join(" ");
  if (command === "sample diffusion")
    yield ["reverse process", async () => ({ reverse: await shown(reverseOf(run, checkpoint, context)) })];
  if (command === "predict dann")
    yield ["t-SNE of features", async () => ({ maps: [await shown(featureMap(run, checkpoint, context))] })];
  yield ["training curves", async () => ({ logs: await trainingLog(checkpoint) })];
}

/** What follows from the record alone. */
function missingOf({ job, result, images }: Run): MissingFigure[] {
  const missing: MissingFigure[] = [];
  if (job.problem.output.kind === "images" && images.length === 0)
    missing.push({
      figure: "samples and what they show",
      why: "what the run made is no longer beside its record",
    });
  const { atLeast } = METRICS.infinity.generated;
  const distances = job.column.metrics.filter(({ kind }) => kind === "fid").map(({ name }) => name);
  for (const { name, label, value, n, byCount } of result.metrics) {
    // Of incomplete weights a distance has its dimensions behind its name.
    if (value === null || byCount || !distances.some((distance) => name.startsWith(distance))) continue;
    const few = `it takes ${atLeast[0]} images, and there are ${n}`;
    const why = n < atLeast[0] ? few : "an earlier version graded it; --fresh grades it again";
    missing.push({ figure: `${label} by the number of images`, why });
  }
  if (!job.isBuiltin) {
    const figure = "training curves, the reverse process and maps of features";
    missing.push({ figure, why: "of a submission nothing is known but what it made" });
  }
  return missing;
}

function wordsOf({ command, column }: Job): string[] {
  const places = { out: "", csv: "", images: "", submission: "", checkpoints: CHECKPOINTS };
  return fillCommand(command, { ...places, ...(column.name !== undefined && { column: column.name }) });
}

/** The score again, for what each image was read as: a result keeps the shares alone. */
async function* readDigits(
  output: string,
  spec: MetricSpec,
  { references, device, signal }: FigureContext,
): Work<DigitScore> {
  const named = "classifier" in spec ? spec.classifier : undefined;
  const weights = named === undefined ? undefined : references.file(named);
  const classifier = await openClassifier(weights, { device });
  const source = await openImages(output);
  try {
    const options = { numbering: false as const, ...(signal && { signal }) };
    return (yield* scoreFolder(source, classifier, options)).score;
  } finally {
    await source.close();
    await classifier.dispose();
  }
}
