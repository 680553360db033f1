/** `pnpm data`: which data sets are here, and how to get the others. */
import { main } from "@touchstone/cli";
import { dataCommand } from "@touchstone/datasets";

await main(dataCommand());
