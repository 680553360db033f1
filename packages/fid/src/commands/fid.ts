/** `pnpm fid A B`: distances and scores of two sets of images. */

import {
  Command,
  type DeviceName,
  deviceOption,
  ExitCode,
  follow,
  integer,
  interruptible,
  number,
  Option,
  progressRenderer,
  UsageError,
} from "@touchstone/cli";
import { METRIC_NAMES, METRICS, type MetricName, PRECISIONS, type Precision } from "../compare/index.ts";
import { INPUT_RANGES, type InputRange } from "../extractors/index.ts";
import { RESIZE_MODES, type ResizeMode } from "../resize/index.ts";
import { type FeatureFile, type FeatureSet, writeFeatureFile } from "../sets/index.ts";
import { exportStatistics, writeStatistics } from "../stats-file/index.ts";
import { renderJson, renderText } from "./report.ts";
import { runComparison } from "./run.ts";

interface Flags {
  metrics?: MetricName[];
  precision?: Precision;
  extractor: string;
  weights?: string;
  dims?: number;
  resize?: ResizeMode;
  output?: string;
  range?: InputRange;
  batchSize: number;
  device: DeviceName;
  threads?: number;
  seed: number;
  limit?: number;
  recursive?: true;
  skipCorrupt?: true;
  mixedSizes?: true;
  force?: true;
  offline?: true;
  saveStats?: string;
  exportStats?: string;
  half?: true;
  maxDistance?: number;
  json?: true;
}

const EXAMPLE = `
A and B are folders or zips of images, or what --save-stats kept of them; .npz files may also be pytorch-fid's, clean-fid's or
EDM's. A is the reference: real images. B is what was generated. Without B, A's statistics are saved, or A is what was generated and
scored by metrics that take no reference (is).

Metrics:
${METRIC_NAMES.map((name) => `  ${name.padEnd(9)} ${METRICS[name].title}`).join("\n")}

Examples:
  pnpm fid faces/val out
  pnpm fid faces/val --save-stats val.npz
  pnpm fid val.npz out.zip --metrics fid,interval
  pnpm fid digits/real digits/generated --extractor digits --metrics fid,kid,pr
  pnpm fid out --metrics is                              the Inception Score takes no reference
  pnpm fid faces/val out --device webgpu                 the network on the GPU; FID in float64, and in float32 on the GPU

Exit codes: 0 fine; 1 the distance is above --max-distance; 2 wrong usage or input; 4 our own fault.`;

export function fidCommand(): Command {
  const choice = (flags: string, description: string, names: readonly string[]) =>
    new Option(flags, description).choices([...names]);
  return new Command("fid")
    .description("Compare two sets of images: FID, KID, Inception Score, precision and recall, and more")
    .argument("<A>", "reference images or statistics")
    .argument("[B]", "generated images or statistics")
    .option("--metrics <list>", "by commas (default: fid, and kid where both are images)", metricList)
    .addOption(
      choice(
        "--precision <name>",
        "of the Frechet distance: float64 on the CPU, float32 on --device, or both and how they differ (default: " +
          "float64, and with --device webgpu or cuda both)",
        PRECISIONS,
      ),
    )
    .option("--extractor <name>", "inception, face, digits, or an .onnx file", "inception")
    .option("--weights <file>", "the network's weights, instead of looking for them")
    .option("--dims <n>", "64, 192, 768 or 2048 features of inception (default: 2048)", integer("--dims", 1))
    .addOption(
      choice("--resize <mode>", "how inception's images are resized (default: pytorch)", RESIZE_MODES),
    )
    .option("--output <name>", "which output of the .onnx file is the features")
    .addOption(
      choice("--range <range>", "of the .onnx file's pixels (default: 0..1)", Object.keys(INPUT_RANGES)),
    )
    .option("--batch-size <n>", "images in a batch", integer("--batch-size", 1, 1024), 32)
    .addOption(deviceOption())
    .option("--threads <n>", "on the CPU (default: one for each core)", integer("--threads", 1))
    .option("--seed <n>", "of the subsets of KID and the like", integer("--seed", 0), 0)
    .option("--limit <n>", "the first n images of each, by name", integer("--limit", 1))
    .option("--recursive", "also the folders inside")
    .option("--skip-corrupt", "leave out files that cannot be read, and count them")
    .option("--mixed-sizes", "images of a set may have different sizes")
    .option("--force", "compare statistics of unlike protocols")
    .option("--offline", "download nothing")
    .option(
      "--save-stats <file>",
      "keep what A is compared by: .npz for fid, .safetensors for kid and others, too",
    )
    .option("--half", "--save-stats to .safetensors in float16: half the size")
    .option("--export-stats <file>", "A's mean and covariance for other programs (.npz)")
    .option("--max-distance <value>", "exit with 1 above this", number("--max-distance", 0))
    .option("--json", "the result as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (a: string, b: string | undefined, flags: Flags) => {
      requireSense(b, flags);
      const result = await interruptible((signal) => {
        const isSaved = flags.saveStats !== undefined || flags.exportStats !== undefined;
        const work = runComparison(b === undefined ? [a] : [a, b], {
          ...flags,
          precision: precisionOf(flags),
          keepFeatures: holdsFeatures(flags.saveStats),
          ...(isSaved && { onFirst: (set: FeatureSet) => save(set, flags) }),
          signal,
        });
        return follow(work, progressRenderer(process.stderr));
      });
      process.stdout.write(flags.json ? renderJson(result, flags) : renderText(result, flags));
      const { distance, float32 } = result.comparison ?? {};
      if (flags.maxDistance !== undefined && !((distance ?? float32)!.distance <= flags.maxDistance)) {
        process.exitCode = ExitCode.below;
      }
    });
}

function requireSense(b: string | undefined, flags: Flags): void {
  const { saveStats, exportStats, half, metrics, maxDistance, precision } = flags;
  if (b === undefined && saveStats === undefined && exportStats === undefined && metrics === undefined) {
    const expected = "a second set, --metrics is, or --save-stats to keep the statistics of the first";
    throw new UsageError("B", expected, "none of them");
  }
  if (half && !holdsFeatures(saveStats)) {
    throw new UsageError("--half", "--save-stats FILE.safetensors", saveStats ?? "no --save-stats");
  }
  const compared = metrics?.filter((name) => METRICS[name].reference) ?? [];
  if (b === undefined && compared.length > 0) {
    throw new UsageError("--metrics", `two sets, for ${compared.join(", ")}`, "one");
  }
  const hasDistance = b !== undefined && metrics?.includes("fid") !== false;
  for (const [option, value] of Object.entries({ "--max-distance": maxDistance, "--precision": precision })) {
    if (value === undefined || hasDistance) continue;
    throw new UsageError(option, "two sets, and fid among the metrics", "no Frechet distance to compute");
  }
}

/** Where there is an accelerator, a distance on it costs little; the one in float64 stays the one that is reported as such. */
function precisionOf({ precision, device }: Flags): Precision {
  return precision ?? (device === "webgpu" || device === "cuda" ? "both" : "float64");
}

const holdsFeatures = (file: string | undefined) => file !== undefined && /\.safetensors$/i.test(file);

async function save(set: FeatureSet, { saveStats, exportStats, half }: Flags): Promise<void> {
  if (saveStats !== undefined) await saveSet(saveStats, set, half ? "float16" : "float32");
  if (exportStats !== undefined) await exportStatistics(exportStats, set.statistics);
}

async function saveSet(
  file: string,
  { path, statistics, fingerprint, features, names }: FeatureSet,
  dtype: NonNullable<FeatureFile["dtype"]>,
): Promise<void> {
  if (fingerprint === undefined) {
    throw new UsageError("--save-stats", "images, or statistics that say how they were computed", path);
  }
  if (!holdsFeatures(file)) return writeStatistics(file, statistics, fingerprint);
  if (features === undefined)
    throw new UsageError("--save-stats", "images, or features of all of them", path);
  await writeFeatureFile(file, { features, fingerprint, ...(names && { names }), dtype });
}

function metricList(text: string): MetricName[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !METRIC_NAMES.includes(name as MetricName));
  if (unknown !== undefined) {
    throw new UsageError("--metrics", `names of ${METRIC_NAMES.join(", ")}, by commas`, `"${unknown}"`);
  }
  return [...new Set(names as MetricName[])];
}
