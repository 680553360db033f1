/** Names that files must have: `{class:0-9}_{index:001-100}.png` stands for `0_001.png` ... `9_100.png`. */

export interface NameTemplate {
  /** As it is written. */
  text: string;
  /** First and last class; undefined where names have none. */
  classes?: readonly [number, number];
  /** Files of each class, or in all where there are no classes. */
  perClass: number;
  /** All names, class by class. */
  names: readonly string[];
  /**
   * A name of the right form, whatever its number and however many digits it has: its class (0 where names have none).
   * Undefined of any other name.
   */
  classOf(name: string): number | undefined;
}

const RANGE = /\{(class|index):(\d{1,9})-(\d{1,9})\}/g;
/** Files, at most. */
const LIMIT = 1_000_000;

/** @returns the template, or what is wrong with it */
export function parseNameTemplate(text: string): NameTemplate | { problem: string } {
  const expected = "expected names such as {class:0-9}_{index:001-100}.png";
  const ranges = new Map<string, { first: number; last: number; width: number }>();
  for (const [range, kind = "", first = "", last = ""] of text.matchAll(RANGE)) {
    if (ranges.has(kind)) return { problem: `${expected}, found {${kind}} twice` };
    if (Number(last) < Number(first)) return { problem: `${expected}, found ${range}, which is empty` };
    ranges.set(kind, { first: Number(first), last: Number(last), width: first.length });
  }
  const index = ranges.get("index");
  if (!index) return { problem: `${expected}, found no {index:first-last}` };
  const fixed = text.replaceAll(RANGE, "0");
  if (/[{}/\\\p{Cc}]/u.test(fixed)) {
    return { problem: `${expected}, found braces or a separator of folders besides` };
  }
  if (/\}\d*\{/.test(text)) return { problem: `${expected}, found no letter between class and index` };
  const classes = ranges.get("class");
  const perClass = index.last - index.first + 1;
  const classCount = classes ? classes.last - classes.first + 1 : 1;
  if (perClass * classCount > LIMIT) {
    return { problem: `expected at most ${LIMIT} names, found ${perClass * classCount}` };
  }

  const nameOf = (label: number, number: number) =>
    text.replaceAll(RANGE, (_, kind: string) => {
      const { width } = ranges.get(kind)!;
      return String(kind === "class" ? label : number).padStart(width, "0");
    });
  const names: string[] = [];
  for (let label = classes?.first ?? 0; label <= (classes?.last ?? 0); label++) {
    for (let number = index.first; number <= index.last; number++) names.push(nameOf(label, number));
  }
  const form = new RegExp(`^${formOf(text)}$`);
  return {
    text,
    ...(classes ? { classes: [classes.first, classes.last] as const } : {}),
    perClass,
    names,
    classOf(name) {
      const label = form.exec(name)?.groups;
      if (!label) return undefined;
      const value = Number(label.class ?? 0);
      return !classes || (value >= classes.first && value <= classes.last) ? value : undefined;
    },
  };
}

function formOf(text: string): string {
  let form = "";
  let end = 0;
  for (const match of text.matchAll(RANGE)) {
    form += `${escaped(text.slice(end, match.index))}(?<${match[1]}>\\d{1,9})`;
    end = match.index + match[0].length;
  }
  return form + escaped(text.slice(end));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
