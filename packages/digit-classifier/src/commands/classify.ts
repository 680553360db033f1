/** `pnpm classify DIR`: accuracy of a folder of digit images, and what is wrong with it. */

import {
  Command,
  type DeviceName,
  deviceOption,
  ExitCode,
  follow,
  integer,
  interruptible,
  number,
  progressRenderer,
} from "@touchstone/cli";
import { openImages } from "@touchstone/datasets";
import { openClassifier } from "../classifier.ts";
import { type FolderOptions, type FolderReport, scoreFolder } from "../folder.ts";
import { type ReportContext, renderJson, renderText } from "./report.ts";

interface Flags {
  checkpoint?: string;
  labels?: string;
  perDigit?: number;
  numbering: boolean;
  resize?: true;
  recursive?: true;
  minAccuracy?: number;
  device: DeviceName;
  json?: true;
}

const EXAMPLE = `
Example:
  pnpm classify out --per-digit 100

Exit codes: 0 fine; 1 less accurate than --min-accuracy; 2 wrong usage; 3 files are missing, surplus or cannot be read.`;

export function classifyCommand(): Command {
  return new Command("classify")
    .description("Score a folder (or zip) of 28 x 28 digit images: 3_017.png is meant to be a 3")
    .argument("<images>", "folder or zip of PNG, JPEG or WebP images")
    .option(
      "--checkpoint <file>",
      "another classifier: safetensors, or PyTorch's (the homework's Classifier.pth)",
    )
    .option("--labels <csv>", "labels from a table with the header image_name,label instead of the names")
    .option("--per-digit <n>", "images there must be of each digit", integer("--per-digit", 1))
    .option("--no-numbering", "do not look at the numbers in the names")
    .option("--resize", "bring images of other sizes to 28 x 28 instead of refusing them")
    .option("--recursive", "also the folders inside")
    .option("--min-accuracy <share>", "exit with 1 below this", number("--min-accuracy", 0, 1))
    .addOption(deviceOption())
    .option("--json", "the report as JSON")
    .addHelpText("after", EXAMPLE)
    .action(async (images: string, flags: Flags) => {
      const { report, context } = await interruptible((signal) => run(images, flags, signal));
      process.stdout.write(flags.json ? renderJson(report, context) : renderText(report, context));
      process.exitCode = exitCode(report, flags.minAccuracy);
    });
}

async function run(path: string, flags: Flags, signal: AbortSignal) {
  const source = await openImages(path, { recursive: flags.recursive ?? false });
  try {
    const classifier = await openClassifier(flags.checkpoint, { device: flags.device });
    try {
      const options: FolderOptions = {
        numbering: flags.numbering,
        resize: flags.resize ?? false,
        signal,
        ...(flags.labels === undefined ? {} : { labels: flags.labels }),
        ...(flags.perDigit === undefined ? {} : { perDigit: flags.perDigit }),
      };
      const work = scoreFolder(source, classifier, options);
      const report = await follow(work, progressRenderer(process.stderr));
      const context: ReportContext = {
        path,
        classifier: classifier.network.name,
        sha256: classifier.sha256,
        device: flags.device,
        resize: flags.resize ? "PIL bilinear to 28 x 28" : "none",
      };
      return { report, context };
    } finally {
      await classifier.dispose();
    }
  } finally {
    await source.close();
  }
}

function exitCode({ score, problems, numbering }: FolderReport, minAccuracy = 0): number {
  const isIncomplete = numbering !== undefined && numbering.missing.length + numbering.surplus.length > 0;
  if (problems.length > 0 || isIncomplete || score.count === 0) return ExitCode.submission;
  return score.accuracy < minAccuracy ? ExitCode.below : ExitCode.ok;
}
