import { expect, test } from "vitest";
import { parseTrainingLog } from "./training-log.ts";

test("lines with numbers; the last one of a run that was killed, and what is no log, are passed over", () => {
  const text = [
    '{"step":1,"epoch":0,"metrics":{"loss":2.5,"note":"x"},"seconds":1}',
    '{"step":2,"metrics":{}}',
    '{"step":3,"metrics":null}',
    '{"step":"4","metrics":{"loss":1}}',
    "null",
    "[]",
    "12",
    "",
    '{"step":5,"metrics":{"loss":1e999,"kept":0}}',
    '{"step":6,"metr',
  ].join("\n");
  expect(parseTrainingLog(text)).toEqual([
    { step: 1, metrics: { loss: 2.5 } },
    { step: 5, metrics: { kept: 0 } },
  ]);
});
