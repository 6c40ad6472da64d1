import { clamp01, type Scale } from './scale.ts'

const LADDER = [1, 2, 5]
/** More labels of 1, 2 and 5 than this stand too close together; then only powers of ten are labelled. */
const MOST_LADDER_TICKS = 9

/** Logarithmic, from a round number at or below `min` to one above `max`; both must be above 0. */
export function logScale(min: number, max: number, label: (value: number) => string): Scale {
  const low = rungAtMost(min)
  const high = rungAbove(Math.max(max, min))
  const at = (value: number): number => clamp01(Math.log(Math.max(value, low) / low) / Math.log(high / low))
  return {
    at,
    ticks: () => {
      const rungs = rungsBetween(low, high)
      const shown = rungs.length > MOST_LADDER_TICKS ? rungs.filter(isPowerOfTen) : rungs
      return shown.map((value) => ({ at: at(value), label: label(value) }))
    },
  }
}

function rungsBetween(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const powers = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
  return powers
    .flatMap((power) => LADDER.map((rung) => rung * power))
    .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
}

function rungAtMost(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  // The logarithm of what lies just below a power of ten is rounded up to it.
  return power * (LADDER.findLast((rung) => rung * power <= value) ?? 0.5)
}

/** The first above: what lies on the highest rung has room above it. */
function rungAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * (LADDER.find((rung) => rung * power > value) ?? 10)
}

function isPowerOfTen(value: number): boolean {
  const exponent = Math.log10(value)
  return Math.abs(exponent - Math.round(exponent)) < 1e-9
}
