/** The order of file names: `2.png` before `10.png`, and the same on every platform, whatever its locale. */

/**
 * Compares like `Array.prototype.sort` wants it: runs of digits as numbers, everything else by UTF-16 code unit; names that
 * differ in leading zeros alone, by code unit too, so that no two different names are equal.
 */
export function compareNatural(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a, i) && isDigit(b, j)) {
      const startA = skipZeros(a, i);
      const startB = skipZeros(b, j);
      i = skipDigits(a, startA);
      j = skipDigits(b, startB);
      const longer = i - startA - (j - startB);
      if (longer !== 0) return longer;
      for (let k = 0; k < i - startA; k++) {
        const difference = a.charCodeAt(startA + k) - b.charCodeAt(startB + k);
        if (difference !== 0) return difference;
      }
    } else {
      const difference = a.charCodeAt(i++) - b.charCodeAt(j++);
      if (difference !== 0) return difference;
    }
  }
  const rest = a.length - i - (b.length - j);
  if (rest !== 0) return rest;
  return a === b ? 0 : a < b ? -1 : 1;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function skipZeros(text: string, at: number): number {
  while (text.charCodeAt(at) === 48) at++;
  return at;
}

function skipDigits(text: string, at: number): number {
  while (isDigit(text, at)) at++;
  return at;
}
