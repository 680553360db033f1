/** Quantities as people write them: `10 min`, `4 GiB`, `30 %`, `64x64`. */

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, sec: 1, min: 60, h: 3600 };
const BYTES: Record<string, number> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Seconds, or undefined where it is no time. */
export function parseDuration(text: string): number | undefined {
  return parseQuantity(text, SECONDS);
}

/** Whole bytes, or undefined where it is no size. */
export function parseBytes(text: string): number | undefined {
  const bytes = parseQuantity(text, BYTES);
  return bytes === undefined || Math.round(bytes) < 1 ? undefined : Math.round(bytes);
}

/** `30 %` and `0.3` as 0.3; undefined outside of [0, 1]. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  if (!match) return undefined;
  const share = match[2] === "%" ? Number(match[1]) / 100 : Number(match[1]);
  return share <= 1 ? share : undefined;
}

/** `64x64`: width by height, at most 16384 each. */
export function parseSize(text: string): { width: number; height: number } | undefined {
  const match = /^(\d{1,5})\s*[x×]\s*(\d{1,5})$/.exec(text.trim());
  if (!match) return undefined;
  const [width, height] = [Number(match[1]), Number(match[2])];
  const isSide = (side: number) => side >= 1 && side <= 16_384;
  return isSide(width) && isSide(height) ? { width, height } : undefined;
}

function parseQuantity(text: string, units: Record<string, number>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim());
  const unit = match?.[2] ?? "";
  if (!match || !Object.hasOwn(units, unit)) return undefined;
  const value = Number(match[1]) * units[unit]!;
  return value > 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
