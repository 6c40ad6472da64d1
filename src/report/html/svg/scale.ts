/** A label and its place on an axis, from 0 at the low end to 1. */
export interface Tick {
  readonly at: number
  readonly label: string
}

/** Where values stand on an axis. */
export interface Scale {
  /** From 0 at the low end to 1; values beyond an end stand at it. */
  readonly at: (value: number) => number
  /** In order, at most `maxCount` where the scale can do with fewer. */
  readonly ticks: (maxCount: number) => readonly Tick[]
}

export function clamp01(value: number): number {
  return Math.min(Math.max(value, 0), 1)
}
