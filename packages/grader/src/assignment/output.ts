/** What a run must write. */

import { z } from "zod";
import { count, imageSize, line, nameTemplate } from "./fields.ts";

const images = z
  .strictObject({
    kind: z.literal("images"),
    /** Exactly so many; by default as many as `names` stands for. */
    count: count("a number of images of at least 1").exactOptional(),
    /** By default any. */
    size: imageSize.exactOptional(),
    /** By content, whatever the names say. */
    format: z.enum(["png", "jpeg", "webp"]).default("png"),
    /** `rgb`: files that hold gray alone are errors. */
    colour: z.enum(["rgb", "any"]).default("any"),
    /** By default any names. */
    names: nameTemplate.exactOptional(),
  })
  .transform((output, context) => {
    const total = output.names?.names.length;
    const { count = total } = output;
    if (count === undefined) {
      const message = "expected a count of images, or names that tell it, found neither";
      context.issues.push({ code: "custom", input: output, message });
      return z.NEVER;
    }
    if (total !== undefined && total !== count) {
      const message = `expected ${total}, as many as the names stand for, found ${count}`;
      context.issues.push({ code: "custom", input: count, path: ["count"], message });
    }
    return { ...output, count };
  });

const csv = z.strictObject({
  kind: z.literal("csv"),
  /** Header of the column of file names. */
  nameColumn: line.default("image_name"),
  /** Header of the column of labels. */
  labelColumn: line.default("label"),
  /** Labels are whole numbers below it. */
  classes: count("a number of classes of at least 1").default(10),
});

export const output = z.discriminatedUnion("kind", [images, csv]);

export type Output = z.output<typeof output>;
export type ImagesOutput = Extract<Output, { kind: "images" }>;
export type TableOutput = Extract<Output, { kind: "csv" }>;
