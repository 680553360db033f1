/** `pnpm sample`: images from a trained model. */
import { main } from "@touchstone/cli";
import { sampleCommand } from "@touchstone/models";

await main(sampleCommand());
