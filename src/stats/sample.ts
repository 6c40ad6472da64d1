/** Arithmetic mean; NaN of no values. From the first value on, so that the mean of equal values is that value exactly. */
export function mean(values: ArrayLike<number>): number {
  const first = values[0] ?? NaN
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] ?? 0) - first
  return first + sum / values.length
}

/** Variance with divisor n − 1; NaN below two values. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) return NaN
  const centre = mean(values)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += ((values[i] ?? 0) - centre) ** 2
  return sum / (values.length - 1)
}

/**
 * Autocovariances γ̂₀ … γ̂_`maxLag` with divisor n, which keeps them positive semidefinite.
 * Lags that the series is too short for are 0.
 */
export function autocovariances(values: readonly number[], maxLag: number): number[] {
  const centre = mean(values)
  const deviations = values.map((value) => value - centre)
  return Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0
    for (let i = lag; i < deviations.length; i++) sum += (deviations[i] ?? 0) * (deviations[i - lag] ?? 0)
    return sum / deviations.length
  })
}

/** Correlation of each value with the one before it; 0 where nothing varies. */
export function lag1Correlation(values: readonly number[]): number {
  const [atZero = 0, atOne = 0] = autocovariances(values, 1)
  return atZero > 0 ? atOne / atZero : 0
}
