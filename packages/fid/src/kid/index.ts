/** The Kernel Inception Distance. */

export { type Kid, type KidOptions, kid } from "./kid.ts";
