/** From `low` to `high`, both included. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** Gives the interval that holds the truth with probability `confidence` in (0, 1). */
export type IntervalAt = (confidence: number) => Interval

/** `centre` ± `halfWidth`. */
export function around(centre: number, halfWidth: number): Interval {
  return { low: centre - halfWidth, high: centre + halfWidth }
}

/** Holds both intervals, whatever the confidence. */
export function widerOf(one: IntervalAt, other: IntervalAt): IntervalAt {
  return (confidence) => {
    const [ofOne, ofOther] = [one(confidence), other(confidence)]
    return { low: Math.min(ofOne.low, ofOther.low), high: Math.max(ofOne.high, ofOther.high) }
  }
}

/**
 * Percentile intervals of bootstrap replicates. As many replicates are left out below as above, so that negated
 * replicates give the negated interval to the last bit.
 */
export function percentileIntervals(replicates: Float64Array): IntervalAt {
  const sorted = replicates.toSorted()
  return (confidence) => {
    const outside = Math.floor((sorted.length * (1 - confidence)) / 2 + Number.EPSILON * sorted.length)
    return { low: sorted[outside] ?? NaN, high: sorted[sorted.length - 1 - outside] ?? NaN }
  }
}
