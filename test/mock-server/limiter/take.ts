import type { Limiter } from '../../../mock-server/limiter/limiter.ts'

/** One request at a limiter of its own: charged if it passes. @returns how long it would have to wait; 0: it passed. */
export function take(limiter: Limiter, cost: number, nowUs: number): number {
  const waitUs = limiter.waitUs(cost, nowUs)
  if (waitUs === 0) limiter.charge(cost, nowUs)
  return waitUs
}

/** How many of `count` requests of cost 1 pass, evenly spread over [fromUs, fromUs + lengthUs). */
export function passedEvenly(limiter: Limiter, count: number, fromUs: number, lengthUs: number): number {
  let passedCount = 0
  for (let i = 0; i < count; i++) {
    if (take(limiter, 1, fromUs + Math.floor((i * lengthUs) / count)) === 0) passedCount++
  }
  return passedCount
}
