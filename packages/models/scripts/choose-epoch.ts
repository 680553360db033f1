/**
 * Which of the generators that `pnpm train dcgan --keep 5` kept is the best: each samples 1,000 faces, and their FID-768 against a slice of
 * the training images is listed; the validation images have no say in it. What is measured is kept beside the generators.
 *
 *   npx tsx packages/models/scripts/choose-epoch.ts runs/dcgan --model dcgan --data data [--weights inception.safetensors]
 */

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { command } from "./command.ts";
import { writeTrainingFaces } from "./training-faces.ts";

/** As many as the validation set has: the bias of FID depends on it. */
const SLICE = 2025;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: "dcgan" },
    data: { type: "string" },
    weights: { type: "string" },
    count: { type: "string", default: "1000" },
  },
});
const [run] = positionals;
if (run === undefined) throw new Error("expected the folder of a training, such as runs/dcgan");

const kept = join(run, "kept");
const measuredFile = join(kept, "fid-768.json");
const measured: Record<string, number> = existsSync(measuredFile)
  ? JSON.parse(readFileSync(measuredFile, "utf8"))
  : {};
const statistics = await sliceStatistics();
for (const name of readdirSync(kept).sort()) {
  if (!name.endsWith(".safetensors") || name in measured) continue;
  const out = join(kept, "samples");
  rmSync(out, { recursive: true, force: true });
  command("sample", [
    ...[values.model, "--checkpoint", join(kept, name)],
    ...["--out", out, "--count", values.count, "--seed", "0"],
  ]);
  measured[name] = JSON.parse(
    command("fid", [statistics, out, "--dims", "768", "--metrics", "fid", "--json", ...weights()]),
  ).distance.distance;
  rmSync(out, { recursive: true });
  writeFileSync(measuredFile, JSON.stringify(measured, null, 2));
  process.stderr.write(`${name}: ${measured[name]}\n`);
}
const ranked = Object.entries(measured).sort(([, a], [, b]) => a - b);
for (const [name, value] of ranked) process.stdout.write(`${name}  ${value.toFixed(4)}\n`);

/** Of training images spread evenly over the set, in the network's space. */
async function sliceStatistics(): Promise<string> {
  const folder = join(kept, "slice");
  const file = join(kept, "slice-768.npz");
  if (existsSync(file)) return file;
  await writeTrainingFaces(folder, SLICE, values.data);
  command("fid", [folder, "--dims", "768", "--save-stats", file, ...weights()]);
  rmSync(folder, { recursive: true });
  return file;
}

function weights(): string[] {
  return values.weights === undefined ? [] : ["--weights", values.weights];
}
