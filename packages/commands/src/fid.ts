/** `pnpm fid`: compares two sets of images. */
import { main } from "@touchstone/cli";
import { fidCommand } from "@touchstone/fid";

await main(fidCommand());
