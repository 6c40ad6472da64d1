/** What each algorithm admits, from everything that was charged before: slow, and without any state to keep. */
import type { Quota } from '../../../mock-server/limiter/limiter.ts'

export interface Charge {
  readonly atUs: number
  readonly cost: number
}

/** Whether a cost passes at a time, after these charges in order of time. */
export type Definition = (quota: Quota, charges: readonly Charge[], cost: number, atUs: number) => boolean

const total = (charges: readonly Charge[]): number => charges.reduce((sum, { cost }) => sum + cost, 0)

export const inSlidingWindow: Definition = ({ limit, windowUs }, charges, cost, atUs) =>
  total(charges.filter((charge) => charge.atUs > atUs - windowUs)) + cost <= limit

const windowOf = (atUs: number, windowUs: number): number => Math.floor(atUs / windowUs)

export const inFixedWindow: Definition = ({ limit, windowUs }, charges, cost, atUs) =>
  total(charges.filter((charge) => windowOf(charge.atUs, windowUs) === windowOf(atUs, windowUs))) + cost <=
  limit

/** Charges fall into windows one after the other: one that the window before it does not hold opens the next. */
export const inFirstHitWindow: Definition = ({ limit, windowUs }, charges, cost, atUs) => {
  let openedAtUs = -Infinity
  let usedCost = 0
  for (const charge of [...charges, { atUs, cost }]) {
    if (charge.atUs >= openedAtUs + windowUs) {
      openedAtUs = charge.atUs
      usedCost = 0
    }
    usedCost += charge.cost
  }
  return usedCost <= limit
}

/** The previous fixed window counts in proportion to how much of it the sliding one still covers. */
export const inEstimatedWindow: Definition = ({ limit, windowUs }, charges, cost, atUs) => {
  const window = windowOf(atUs, windowUs)
  const inWindow = (which: number): bigint =>
    BigInt(total(charges.filter((charge) => windowOf(charge.atUs, windowUs) === which)))
  const coveredUs = BigInt((window + 1) * windowUs - atUs)
  const current = inWindow(window) + BigInt(cost)
  return inWindow(window - 1) * coveredUs + current * BigInt(windowUs) <= BigInt(limit) * BigInt(windowUs)
}

/** A bucket holds b(t) = min over s ≤ t of B + r·(t − s) − (what passed since s). */
export const underEveryCurve: Definition = ({ limit, windowUs, burst = limit }, charges, cost, atUs) =>
  [atUs, ...charges.map((charge) => charge.atUs)].every((sinceUs) => {
    const passed = total(charges.filter((charge) => charge.atUs >= sinceUs))
    const room = BigInt(burst) * BigInt(windowUs) + BigInt(limit) * BigInt(atUs - sinceUs)
    return BigInt(passed + cost) * BigInt(windowUs) <= room
  })

/** Room for the burst behind the request that is leaving. */
export const underLeakyCurve: Definition = ({ burst = 0, ...quota }, charges, cost, atUs) =>
  underEveryCurve({ ...quota, burst: burst + 1 }, charges, cost, atUs)
