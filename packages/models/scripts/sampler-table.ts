/**
 * What a sampler and its number of steps cost and give: accuracy by the shipped digit classifier, the Frechet distance of its features to
 * MNIST-M's test images, and seconds, each from the command that a person would type.
 *
 *   npx tsx packages/models/scripts/sampler-table.ts [--data data] [--checkpoint FILE] [--per-digit 100]
 *     [--samplers dpm-solver,ddim,ddpm] [--steps 10,20,50,100,500] [--guidance 1,2]
 */

import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table, threeDigits } from "@touchstone/cli";
import { splitFolder } from "@touchstone/datasets";
import { command } from "./command.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    checkpoint: { type: "string" },
    "per-digit": { type: "string", default: "100" },
    samplers: { type: "string", default: "dpm-solver,ddim,ddpm" },
    steps: { type: "string", default: "10,20,50,100,500" },
    guidance: { type: "string", default: "1" },
  },
});
const { images: reference } = splitFolder(
  "mnist-m/test",
  values.data === undefined ? {} : { data: values.data },
);
const perDigit = values["per-digit"];

const folder = mkdtempSync(join(tmpdir(), "touchstone-samplers-"));
const rows: ReturnType<typeof measure>[] = [];
try {
  const features = join(folder, "reference.npz");
  command("fid", [reference, "--extractor", "digits", "--save-stats", features]);
  for (const sampler of values.samplers.split(",")) {
    for (const steps of values.steps.split(",")) {
      for (const guidance of values.guidance.split(",")) {
        rows.push(measure({ sampler, steps, guidance }, features));
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

process.stdout.write(
  `${table(
    [
      { title: "sampler, steps", cell: ({ sampler, steps }) => `${sampler} ${steps}`, align: "left" },
      { title: "guidance", cell: ({ guidance }) => guidance },
      { title: "accuracy", cell: ({ accuracy }) => `${(100 * accuracy).toFixed(1)} %` },
      { title: "FD(digits)", cell: ({ distance }) => threeDigits(distance) },
      { title: "seconds", cell: ({ seconds }) => threeDigits(seconds) },
    ],
    rows,
  )}\n${10 * Number(perDigit)} images; load average ${loadavg()[0]!.toFixed(2)} at the end\n`,
);

interface Choice {
  sampler: string;
  steps: string;
  guidance: string;
}

function measure(choice: Choice, features: string) {
  const { sampler, steps, guidance } = choice;
  const out = join(folder, Object.values(choice).join("-"));
  const start = performance.now();
  command("sample", [
    ...["diffusion", "--out", out, "--per-digit", perDigit, "--sampler", sampler],
    ...["--steps", steps, "--guidance", guidance],
    ...(values.checkpoint === undefined ? [] : ["--checkpoint", values.checkpoint]),
  ]);
  const seconds = (performance.now() - start) / 1000;
  const { accuracy } = JSON.parse(command("classify", [out, "--per-digit", perDigit, "--json"]));
  const compared = command("fid", [features, out, "--extractor", "digits", "--metrics", "fid", "--json"]);
  const row = {
    ...choice,
    seconds,
    accuracy,
    distance: JSON.parse(compared).distance.distance,
  };
  process.stderr.write(`${JSON.stringify(row)}\n`);
  rmSync(out, { recursive: true });
  return row;
}
