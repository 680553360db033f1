/** `pnpm grade`: runs, scores and marks submissions. */
import { main } from "@touchstone/cli";
import { classMode } from "@touchstone/course";
import { gradeCommand } from "@touchstone/grader";

await main(gradeCommand([classMode()]));
