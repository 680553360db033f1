/** `pnpm data`: which data sets are here, and how to get the others. */

import { Command } from "@touchstone/cli";
import { importCommand } from "./import.ts";
import { listCommand } from "./list.ts";
import { pullCommand } from "./pull.ts";
import { verifyCommand } from "./verify.ts";

export function dataCommand(): Command {
  return new Command("data")
    .description("List, fetch, import and verify data sets")
    .addCommand(listCommand())
    .addCommand(pullCommand())
    .addCommand(importCommand())
    .addCommand(verifyCommand())
    .addHelpText("after", "\nExample: pnpm data list --data ../shared/data");
}
