/** What every error that `@touchstone/fid` throws on purpose has; the classes are in the `errors.ts` of each folder. */

import { TouchstoneError } from "@touchstone/cli";

export class FidError extends TouchstoneError {}
