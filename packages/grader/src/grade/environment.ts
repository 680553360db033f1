/** What a grading ran with: versions and hardware. */

import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { bytes } from "@touchstone/cli";
import type { Grading } from "../results/results.ts";
import { gpusOf } from "./gpus.ts";

const PACKAGE = fileURLToPath(new URL("../../package.json", import.meta.url));

/** Of this repository's packages, which have one version. */
export const VERSION = (JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string }).version;

export function environment(): Grading["environment"] {
  const gpu = gpusOf();
  return {
    touchstone: VERSION,
    node: process.versions.node,
    system: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: bytes(totalmem()),
    ...(gpu !== undefined && { gpu }),
  };
}
