import type { SecondRow } from '../../measure/summary.ts'
import type { LatencySpan } from './run-data.ts'

/** Points that stand for the replies between two percentiles. */
const POINTS_PER_BAND = 12

/**
 * What is known of each second's latencies without its histogram: half of the replies lie up to p50, and so on. Each
 * share is laid evenly, on a logarithmic axis, between the percentiles around it; what lies below p50 begins at the
 * shortest time of the whole run, if that is known.
 */
export function bandedLatency(seconds: readonly SecondRow[], shortestUs: number | undefined): LatencySpan[] {
  return seconds.flatMap((second) => {
    const { count, p50Us, p95Us, p99Us, maxUs } = second.responseTimeAccepted
    if (count === 0 || p50Us === undefined || p95Us === undefined || p99Us === undefined) return []
    const highestUs = maxUs ?? p99Us
    const bands: readonly Band[] = [
      [count === 1 ? p50Us : Math.min(shortestUs ?? p50Us, p50Us), p50Us, 0.5],
      [p50Us, p95Us, 0.45],
      [p95Us, p99Us, 0.04],
      [p99Us, highestUs, 0.01],
    ]
    const points = bands.flatMap((band) => pointsOf(band, count))
    const histogram = { lowUs: points.map(([us]) => us), counts: points.map(([, weight]) => weight) }
    return [{ startS: second.second, lengthS: 1, histogram }]
  })
}

/** From, to, and the share of the replies in between. */
type Band = readonly [fromUs: number, toUs: number, share: number]

function pointsOf([fromUs, toUs, share]: Band, count: number): (readonly [us: number, weight: number])[] {
  const ratio = Math.max(toUs, 1) / Math.max(fromUs, 1)
  return Array.from({ length: POINTS_PER_BAND }, (_, i) => [
    Math.max(fromUs, 1) * ratio ** ((i + 0.5) / POINTS_PER_BAND),
    (count * share) / POINTS_PER_BAND,
  ])
}
