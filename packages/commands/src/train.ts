/** `pnpm train`: trains what this repository has a recipe for. */
import { Command, main } from "@touchstone/cli";
import { trainDigitClassifierCommand } from "@touchstone/digit-classifier";
import {
  trainDannCommand,
  trainDcganCommand,
  trainDiffusionCommand,
  trainWganGpCommand,
} from "@touchstone/models";

await main(
  new Command("train")
    .description("Train a model of this repository")
    .addCommand(trainDigitClassifierCommand())
    .addCommand(trainDcganCommand())
    .addCommand(trainWganGpCommand())
    .addCommand(trainDiffusionCommand())
    .addCommand(trainDannCommand()),
);
