/** What figures are drawn from, kept beside the results: it is computed once. */

import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Work } from "@touchstone/cli";
import { replaceFile } from "@touchstone/nn";
import type { z } from "zod";
import { VERSION } from "../../grade/environment.ts";
import { type Json, recordKey } from "../../records/index.ts";

/**
 * What `compute` gives, or what it gave before for the same `parts`.
 *
 * @param folder of the results  @param kind begins the file's name  @param parts all that it follows from, besides this version
 * @param schema of what is kept: a file of anything else is computed anew
 */
export async function* kept<T>(
  { folder, kind, parts, schema }: { folder: string; kind: string; parts: Json; schema: z.ZodType<T> },
  compute: () => Work<T>,
): Work<T> {
  const file = join(folder, "figures", `${kind}-${recordKey({ version: VERSION, parts }).slice(0, 32)}.json`);
  const known = schema.safeParse(await parsed(file));
  if (known.success) return known.data;
  const value = yield* compute();
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, [Buffer.from(JSON.stringify(value))]);
  return value;
}

async function parsed(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined; // None, or the beginning of one.
  }
}
