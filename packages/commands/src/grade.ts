/** `pnpm grade`: runs, scores and marks submissions. */
import { main } from "@touchstone/cli";
import { gradeCommand } from "@touchstone/grader";

await main(gradeCommand());
