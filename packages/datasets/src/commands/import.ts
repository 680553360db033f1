/** `pnpm data import`: takes over data that the user has. */

import { Command } from "@touchstone/cli";
import { importDataset } from "../named/import.ts";
import { datasetOf, JSON_OPTION, print, printJson, shown } from "./shared.ts";

export function importCommand(): Command {
  return new Command("import")
    .description("Check a data set that you have, and copy it into the cache")
    .argument("<name>", "a data set: mnist-m, usps, svhn, svhn-full, faces, bsds500")
    .argument("<path>", "a published archive, or a folder or zip in the homework's layout")
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExample: pnpm data import faces ~/Downloads/hw2_data.zip")
    .action(importFrom);
}

async function importFrom(text: string, path: string, { json }: { json?: true }): Promise<void> {
  const name = datasetOf(text);
  const taken = await shown((signal) => importDataset(name, path, signal));
  if (json) printJson({ name, taken });
  else for (const copy of taken) print(`${name}: ${copy}`);
}
