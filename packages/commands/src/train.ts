/** `pnpm train`: trains what this repository has a recipe for. */
import { Command, main } from "@touchstone/cli";
import { trainDigitClassifierCommand } from "@touchstone/digit-classifier";

await main(
  new Command("train")
    .description("Train a model of this repository")
    .addCommand(trainDigitClassifierCommand()),
);
