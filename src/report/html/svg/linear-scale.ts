import { clamp01, type Scale } from './scale.ts'

const STEPS = [1, 2, 5, 10]
/** What is above 0 by less than this share of a step is rounding. */
const NEGLIGIBLE = 1e-9

/** From 0 to a round number at or above `max`. `isWhole`: ticks are whole numbers. */
export function linearScale(max: number, label: (value: number) => string, isWhole = false): Scale {
  return steppedScale(0, max > 0 ? max : 1, { label, isWhole, stepCount: 4 })
}

/** From a round number at or below `min` to one at or above `max`. */
export function rangeScale(min: number, max: number, label: (value: number) => string): Scale {
  const padding = max > min ? 0 : Math.abs(min) * 0.05 || 1
  // Padding must not bring forth figures below 0 where there can be none.
  const low = min === 0 ? 0 : min - padding
  return steppedScale(low, max + padding, { label, isWhole: false, stepCount: 2 })
}

interface Steps {
  readonly label: (value: number) => string
  readonly isWhole: boolean
  /** About so many steps. */
  readonly stepCount: number
}

function steppedScale(min: number, max: number, { label, isWhole, stepCount }: Steps): Scale {
  const step = roundStep((max - min) / stepCount, isWhole)
  const first = Math.floor(min / step + NEGLIGIBLE)
  const count = Math.max(1, Math.ceil(max / step - NEGLIGIBLE) - first)
  return {
    at: (value) => clamp01((value / step - first) / count),
    ticks: () =>
      Array.from({ length: count + 1 }, (_, i) => ({ at: i / count, label: label(step * (first + i)) })),
  }
}

/** The smallest of 1, 2 and 5 times a power of ten that is at least `least`. */
function roundStep(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const step = power * (STEPS.find((candidate) => candidate * power >= least * (1 - NEGLIGIBLE)) ?? 10)
  return isWhole ? Math.max(1, step) : step
}
