/** The share of digit images that a classifier reads as the digits in their names, overall and of each digit. */

import type { Work } from "@touchstone/cli";
import { type Accuracy, openClassifier, scoreFolder } from "@touchstone/digit-classifier";
import type { Metric } from "../results/results.ts";
import type { Output, ScoreContext, SpecOf } from "./context.ts";
import { metricOf, shareOf } from "./metric.ts";

/** @throws what opening the classifier throws; the signal's reason */
export async function* scoreDigits(
  spec: SpecOf<"digit-accuracy">,
  { images }: Extract<Output, { kind: "images" }>,
  { device, signal, references }: ScoreContext,
): Work<Metric[]> {
  const weights = spec.classifier === undefined ? undefined : references.file(spec.classifier);
  const classifier = await openClassifier(weights, { device });
  try {
    const { score } = yield* scoreFolder(images, classifier, { numbering: false, ...(signal && { signal }) });
    const protocol = {
      classifier: classifier.network.name,
      weightsSha256: classifier.sha256,
      resize: "none",
    };
    const metric = (name: string, label: string, { accuracy, count, interval }: Accuracy) =>
      count === 0
        ? metricOf(
            { name, label },
            { value: null, n: 0, better: "higher", protocol, problem: "there are no such images" },
          )
        : shareOf({ name, label }, { share: accuracy, n: count, interval }, protocol);
    return [
      metric(spec.name, spec.label, score),
      ...score.perDigit.map((digit, d) => ({
        ...metric(`${spec.name}_${d}`, `${spec.label} of ${d}`, digit),
        part: { of: spec.name, name: String(d) },
      })),
    ];
  } finally {
    await classifier.dispose();
  }
}
