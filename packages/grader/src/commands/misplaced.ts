/** Options of `pnpm grade` that stand before the name of a command below it. */

import { type Command, UsageError } from "@touchstone/cli";

/** They would be passed over. @throws UsageError */
export function refuseMisplaced(command: Command): void {
  const { parent } = command;
  for (const option of parent?.options ?? []) {
    if (parent?.getOptionValueSource(option.attributeName()) !== "cli") continue;
    throw new UsageError(
      option.long ?? option.flags,
      `options behind the word ${command.name()}`,
      "it before",
    );
  }
}
