/** Maps values to pixels along one axis, with ticks at round values. Pure: the chart draws what this says. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly isLog: boolean;
  /** In ascending order, within min and max. */
  readonly ticks: readonly number[];
  readonly toPixel: (value: number) => number;
  readonly fromPixel: (pixel: number) => number;
}

export interface ScaleOptions {
  /** Pixel of the lowest value and of the highest; the first may be the greater (vertical axes). */
  readonly from: number;
  readonly to: number;
  readonly isLog?: boolean;
  /** Empty space at both ends, as a share of the extent. */
  readonly padding?: number;
  /** About how many ticks. */
  readonly ticks?: number;
  /** What a value is multiplied by when it is shown: ticks are round in the unit that a reader sees. */
  readonly shownAs?: number;
}

/** Values nearer than this to each other, as a share of them, are shown as one: nobody reads an axis of nine digits. */
const noExtent = 1e-6;

/** A logarithmic axis pays where values differ by more than this factor. */
const logFrom = 4;

export function needsLog(values: readonly number[]): boolean {
  const least = Math.min(...values);
  return values.length > 1 && least > 0 && Math.max(...values) / least > logFrom;
}

/**
 * A scale over the values. Where they are all equal it makes room around them; without any it spans 0 to 1.
 * A logarithmic scale wants positive values; others are left out.
 */
export function scaleOf(values: readonly number[], options: ScaleOptions): Scale {
  const { from, to, isLog = false, padding = 0.06, ticks = 5, shownAs = 1 } = options;
  const usable = values.filter((value) => Number.isFinite(value) && (!isLog || value > 0));
  const inner = isLog ? Math.log10 : (value: number) => value;
  const outer = isLog ? (value: number) => 10 ** value : (value: number) => value;
  let low = usable.length > 0 ? inner(Math.min(...usable)) : 0;
  let high = usable.length > 0 ? inner(Math.max(...usable)) : 1;
  if (high - low <= noExtent * (isLog ? 1 : Math.max(Math.abs(low), Math.abs(high)))) {
    const room = isLog ? 0.3 : Math.abs(low) * 0.02 || 1;
    [low, high] = [low - room, high + room];
  }
  const room = (high - low) * padding;
  [low, high] = [low - room, high + room];
  const [min, max] = [outer(low), outer(high)];
  return {
    min,
    max,
    isLog,
    ticks: (isLog
      ? logTicks(min * shownAs, max * shownAs)
      : linearTicks(min * shownAs, max * shownAs, ticks)
    ).map((tick) => tick / shownAs),
    toPixel: (value) => from + ((inner(value) - low) / (high - low)) * (to - from),
    fromPixel: (pixel) => outer(low + ((pixel - from) / (to - from)) * (high - low)),
  };
}

/** Multiples of 1, 2 or 5 times a power of ten. */
export function linearTicks(min: number, max: number, about: number): number[] {
  const raw = (max - min) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const decimals = Math.min(100, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toFixed(decimals)),
  );
}

/** 1, 3 and 10 where several decades are seen, with 2 and 5 where fewer are, and round linear steps within one. */
function logTicks(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  const factors = decades > 4 ? [1] : decades > 1.6 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    for (const factor of factors) {
      const tick = clean(factor * 10 ** power);
      if (tick >= min && tick <= max) ticks.push(tick);
    }
  }
  return ticks.length >= 2 ? ticks : linearTicks(min, max, 4).filter((tick) => tick > 0);
}

/** Without the dust of binary fractions: 0.30000000000000004 is 0.3. */
const clean = (value: number) => Number(value.toPrecision(12));
