/** Reads `fixtures/golden/faces`: what face-api itself finds, and the drawings it found it in. */

import { readFileSync } from "node:fs";

export { drawing } from "../../../fixtures/golden/faces/drawings.ts";

/** `[score, x, y, width, height]`. */
type Found = [number, number, number, number, number];

interface Golden {
  threshold: number;
  detected: Record<string, Found[]>;
  described: Record<string, number[]>;
  real: Record<string, { detected: Found[]; described: number[] }>;
}

const url = new URL("../../../fixtures/golden/faces/faces.json", import.meta.url);
export const golden = JSON.parse(readFileSync(url, "utf8")) as Golden;
