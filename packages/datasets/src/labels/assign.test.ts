/** That tables and images meet, and what does not is named once. */

import { expect, it } from "vitest";
import { assignLabels } from "./assign.ts";
import { parseLabelTable } from "./table.ts";
import { UNLABELED } from "./unlabeled.ts";

it("assigns by name, and reports strangers, missing and wrong labels once each", () => {
  const text = "image_name,label\nb.png,2\nstranger.png,1\na.png,1\nwrong.png,x\n";
  const table = parseLabelTable(text, "labels.csv", { classes: 3 });
  const { labels, problems } = assignLabels(["a.png", "b.png", "left.png", "wrong.png"], table);
  expect(labels).toEqual(Int32Array.of(1, 2, UNLABELED, UNLABELED));
  expect(problems).toEqual([
    { file: "labels.csv", kind: "bad-label", line: 5, message: 'expected an integer from 0 to 2, found "x"' },
    {
      file: "labels.csv",
      kind: "unknown-file",
      line: 3,
      message: "expected the name of an image, found stranger.png, which is not there",
    },
    { file: "left.png", kind: "no-label", message: "expected a label in labels.csv, found none" },
  ]);
});

it("names like those of an object's own properties are ordinary names", () => {
  const table = parseLabelTable("image_name,label\n__proto__,1\nconstructor,2\n", "labels.csv", {
    classes: 3,
  });
  expect(assignLabels(["constructor", "__proto__"], table)).toEqual({
    labels: Int32Array.of(2, 1),
    problems: [],
  });
});
