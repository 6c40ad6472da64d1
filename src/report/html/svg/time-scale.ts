import { US_PER_S } from '../../../core/units.ts'
import { clock } from '../../format.ts'
import { clamp01, type Scale } from './scale.ts'

const DAY_S = 86_400
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, DAY_S]

/** Seconds since the start of the run, from 0 to `endS`, labelled as a clock shows them. */
export function timeScale(endS: number): Scale {
  const length = Math.max(endS, 1)
  return {
    at: (second) => clamp01(second / length),
    ticks: (maxCount) => {
      const least = length / Math.max(maxCount - 1, 1)
      const step = STEPS_S.find((candidate) => candidate >= least) ?? Math.ceil(least / DAY_S) * DAY_S
      return Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => ({
        at: (i * step) / length,
        label: clock(i * step * US_PER_S),
      }))
    },
  }
}
