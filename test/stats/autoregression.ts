import type { Rng } from '../../src/core/rng.ts'

/** A stationary AR(1) series with mean 0 and variance 1: each value is `correlation` times the one before, and chance. */
export function autoregression(length: number, correlation: number, rng: Rng): number[] {
  const chance = Math.sqrt(1 - correlation ** 2)
  let value = rng.normal()
  return Array.from({ length }, () => {
    const current = value
    value = correlation * value + chance * rng.normal()
    return current
  })
}
