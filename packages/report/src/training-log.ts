/** Reads the log of a training: a JSON object on each line, as `@touchstone/training` writes it. */

export interface LogLine {
  step: number;
  metrics: Readonly<Record<string, number>>;
}

/** Lines that are none (the last one of a run that was killed) are passed over; so are values that are no numbers. */
export function parseTrainingLog(text: string): LogLine[] {
  return text.split("\n").flatMap((line) => {
    const { step, metrics } = parse(line);
    if (typeof step !== "number" || !Number.isFinite(step)) return [];
    const numbers = Object.entries(metrics ?? {}).filter(
      (entry): entry is [string, number] => typeof entry[1] === "number" && Number.isFinite(entry[1]),
    );
    return numbers.length === 0 ? [] : [{ step, metrics: Object.fromEntries(numbers) }];
  });
}

function parse(line: string): { step?: unknown; metrics?: object | null } {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}
