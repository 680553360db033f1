/** `pnpm data verify`: decodes and counts everything that is here, and compares checksums. */

import { Command, ExitCode, printable, table } from "@touchstone/cli";
import { DATASETS, howToGet } from "../named/datasets.ts";
import { MissingDatasetError } from "../named/errors.ts";
import { dataFolders } from "../named/folders.ts";
import { SPLITS } from "../named/splits.ts";
import { type Finding, verifySplits } from "../named/verify.ts";
import { DATA_OPTION, type DataOptions, datasetOf, JSON_OPTION, print, printJson, shown } from "./shared.ts";

export function verifyCommand(): Command {
  return new Command("verify")
    .description("Decode and count everything that is here, and compare checksums")
    .argument("[name]", "a data set, or one of its splits (default: all)")
    .option(...DATA_OPTION)
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExample: pnpm data verify usps/val --data ../shared/data")
    .action(verify);
}

async function verify(name: string | undefined, { data, json }: DataOptions): Promise<void> {
  const folders = dataFolders(data);
  const findings = await shown((signal) => verifySplits(splitsOf(name), folders, signal));
  if (name !== undefined && findings.length === 0) {
    const lookedIn = folders.map(({ kind, path }) => `the ${kind} ${path}`);
    throw new MissingDatasetError(name, lookedIn, howToGet(datasetOf(name)));
  }
  if (findings.some(({ problem }) => problem !== undefined)) process.exitCode = ExitCode.usage;
  if (json) printJson(findings);
  else print(text(findings));
}

function splitsOf(name: string | undefined): string[] {
  if (name === undefined) return Object.keys(SPLITS);
  const dataset = datasetOf(name);
  return name === dataset ? DATASETS[dataset].splits : [name];
}

function text(findings: Finding[]): string {
  const results = table<Finding>(
    [
      { title: "data set", cell: ({ split }) => split },
      { title: "images", cell: ({ count }) => count?.toLocaleString("en") },
      { title: "result", align: "left", cell: ({ problem }) => (problem === undefined ? "sound" : "WRONG") },
      { title: "where", align: "left", cell: ({ kind, path }) => `${kind}, ${path}` },
    ],
    findings,
  );
  const problems = findings.flatMap(({ split, problem }) =>
    problem === undefined ? [] : `${split}: ${problem}`,
  );
  return [results, ...problems.map((problem) => problem.split("\n").map(printable).join("\n"))].join("\n\n");
}
