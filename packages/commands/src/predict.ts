/** `pnpm predict`: labels from a trained model. */
import { main } from "@touchstone/cli";
import { predictCommand } from "@touchstone/models";

await main(predictCommand());
