/** `text` with control characters escaped: a file's name, or what a program printed, must not steer the terminal that shows it. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** What a message says first; the lines after it are details. */
export function firstLine(message: string): string {
  return message.split("\n", 1)[0]!;
}
