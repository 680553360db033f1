/** `pnpm classify`: scores a folder of digit images. */
import { main } from "@touchstone/cli";
import { classifyCommand } from "@touchstone/digit-classifier";

await main(classifyCommand());
