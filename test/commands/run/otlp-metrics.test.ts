import * as fc from 'fast-check'
import { DataPointType, type MetricData } from '@opentelemetry/sdk-metrics'
import { describe, expect, it } from 'vitest'
import { OtlpHistogram } from '../../../src/commands/run/otlp-histogram.ts'
import { OtlpMetrics, type LiveGauges } from '../../../src/commands/run/otlp-metrics.ts'
import { BucketCounts } from '../../../src/measure/bucket-counts.ts'
import { OUTCOMES, type Outcome } from '../../../src/measure/outcome.ts'
import { Recorder } from '../../../src/measure/recorder.ts'
import type { SecondCell } from '../../../src/measure/snapshot.ts'

const US_PER_S = 1_000_000

const GAUGES: LiveGauges = {
  inflightCount: 3,
  capRps: 60,
  scheduleDelayP99Us: 1_500,
  verdict: 'SUSPECT',
}
const TIMES = { startTime: [1, 0], endTime: [2, 0] } as const satisfies Parameters<OtlpMetrics['data']>[1]

/** Requests of a second each: name, outcome and duration. */
function cellsOf(
  ...seconds: readonly (readonly (readonly [name: string, outcome: Outcome, durationUs: number])[])[]
): readonly SecondCell[] {
  const recorder = new Recorder()
  for (const [second, requests] of seconds.entries()) {
    const sentUs = second * US_PER_S
    for (const [name, outcome, durationUs] of requests) {
      const nameId = recorder.nameId(name)
      recorder.offered(nameId, sentUs)
      recorder.sent(nameId, sentUs, 1)
      const sizes = { sentBytes: 1, receivedBytes: 1, retryAfterUs: undefined, operation: undefined }
      const doneUs = sentUs + durationUs
      recorder.done(nameId, { outcome, plannedUs: sentUs, sentUs, doneUs, attempt: 1, ...sizes })
    }
  }
  return recorder.close(seconds.length * US_PER_S).closed
}

function metricsOf(cells: readonly SecondCell[], gauges = GAUGES, warmupUs = 0): Map<string, MetricData> {
  const metrics = new OtlpMetrics(warmupUs)
  for (const cell of cells) metrics.add([cell])
  return new Map(metrics.data(gauges, { ...TIMES }).map((data) => [data.descriptor.name, data]))
}

/** Values by their attributes. */
function valuesOf(data: MetricData | undefined): Record<string, unknown> {
  const points = data?.dataPoints ?? []
  return Object.fromEntries(
    points.map(({ attributes, value }) => [Object.values(attributes).join('/'), value]),
  )
}

describe('OtlpMetrics', () => {
  it('adds up requests by name, apart from the warm-up', () => {
    const cells = cellsOf(
      [['a', 'accepted', 10]],
      [
        ['a', 'accepted', 10],
        ['a', 'throttled', 1],
        ['b', 'timeout', 5],
      ],
      [['a', 'accepted', 10]],
    )
    const metrics = metricsOf(cells, GAUGES, US_PER_S)
    expect(valuesOf(metrics.get('headroom.requests.sent'))).toEqual({
      'a/warmup': 1,
      'a/measure': 3,
      'b/measure': 1,
    })
    expect(valuesOf(metrics.get('headroom.requests.accepted'))).toMatchObject({
      'a/warmup': 1,
      'a/measure': 2,
    })
    expect(valuesOf(metrics.get('headroom.requests.throttled'))).toMatchObject({ 'a/measure': 1 })
    expect(valuesOf(metrics.get('headroom.requests.timeout'))).toMatchObject({ 'b/measure': 1 })
  })

  it('has a counter for every outcome', () => {
    const outcomes = OUTCOMES.map((outcome) => ['a', outcome, 7] as const)
    const metrics = metricsOf(cellsOf(outcomes))
    for (const outcome of OUTCOMES) {
      expect(valuesOf(metrics.get(`headroom.requests.${outcome}`))).toEqual({ 'a/measure': 1 })
    }
  })

  it('counts iterations', () => {
    const recorder = new Recorder()
    recorder.iterationDue(0, 5)
    recorder.iterationDropped(0, 2)
    const metrics = metricsOf(recorder.close(US_PER_S).closed)
    expect(valuesOf(metrics.get('headroom.iterations.due'))).toEqual({ measure: 5 })
    expect(valuesOf(metrics.get('headroom.iterations.dropped'))).toEqual({ measure: 2 })
  })

  it('keeps response times of outcomes apart; a request that was cut off has none', () => {
    const metrics = metricsOf(
      cellsOf([
        ['a', 'accepted', 20_000],
        ['a', 'accepted', 30_000],
        ['a', 'throttled', 1_000],
        ['a', 'aborted', 9_000],
      ]),
    )
    const data = metrics.get('headroom.response_time')
    expect(data).toMatchObject({ dataPointType: DataPointType.HISTOGRAM, descriptor: { unit: 's' } })
    expect(valuesOf(data)).toEqual({
      'a/accepted/measure': expect.objectContaining({ count: 2, sum: 0.05, min: 0.02, max: 0.03 }),
      'a/throttled/measure': expect.objectContaining({ count: 1, sum: 0.001, min: 0.001, max: 0.001 }),
    })
  })

  it('has a gauge for what is true now, and no point where nothing is known', () => {
    const metrics = metricsOf([])
    expect(valuesOf(metrics.get('headroom.in_flight'))).toEqual({ '': 3 })
    expect(valuesOf(metrics.get('headroom.cap'))).toEqual({ '': 60 })
    expect(valuesOf(metrics.get('headroom.schedule_delay.p99'))).toEqual({ '': 0.0015 })
    expect(valuesOf(metrics.get('headroom.verdict'))).toEqual({ '': 1 })
    const unknown = { ...GAUGES, capRps: undefined, scheduleDelayP99Us: undefined }
    const silent = metricsOf([], unknown)
    expect(valuesOf(silent.get('headroom.cap'))).toEqual({})
    expect(valuesOf(silent.get('headroom.schedule_delay.p99'))).toEqual({})
  })

  it('a schedule delay of 0 is known', () => {
    const metrics = metricsOf([], { ...GAUGES, scheduleDelayP99Us: 0 })
    expect(valuesOf(metrics.get('headroom.schedule_delay.p99'))).toEqual({ '': 0 })
  })

  it('hands out copies: what was pushed does not change when more comes', () => {
    const metrics = new OtlpMetrics(0)
    metrics.add(cellsOf([['a', 'accepted', 1_000]]))
    const before = metrics.data(GAUGES, { ...TIMES })
    const text = JSON.stringify(before)
    metrics.add(cellsOf([['a', 'accepted', 1_000]]))
    expect(JSON.stringify(before)).toBe(text)
  })
})

describe('OtlpHistogram', () => {
  /** A value that starts a bucket of the recorder, so that no rounding blurs the comparison. */
  const durationUs = fc.integer({ min: 0, max: 2_000 })

  it('counts every value in the first bucket whose bound is not below it', () => {
    fc.assert(
      fc.property(fc.array(durationUs, { minLength: 1 }), (durations) => {
        const counts = new BucketCounts(3_600 * US_PER_S)
        for (const us of durations) counts.add(us)
        const histogram = new OtlpHistogram()
        histogram.add(counts.snapshot())
        const { buckets, count, sum = 0, min, max } = histogram.value()
        const boundsUs = buckets.boundaries.map((seconds) => Math.round(seconds * US_PER_S))
        const expected = [...boundsUs, Infinity].map(
          (bound, i) => durations.filter((us) => us <= bound && us > (boundsUs[i - 1] ?? -1)).length,
        )
        expect(buckets.counts).toEqual(expected)
        expect(count).toBe(durations.length)
        expect(sum).toBeCloseTo(durations.reduce((a, b) => a + b, 0) / US_PER_S, 9)
        expect([min, max]).toEqual([Math.min(...durations) / US_PER_S, Math.max(...durations) / US_PER_S])
      }),
    )
  })

  it('bounds rise, from 0.1 ms to 80 s, by a quarter or so', () => {
    const { boundaries } = new OtlpHistogram().value().buckets
    expect([boundaries[0], boundaries.at(-1)]).toEqual([0.0001, 80])
    const steps = boundaries.slice(1).map((bound, i) => bound / (boundaries[i] ?? NaN))
    for (const step of steps) expect(Math.abs(step - 10 ** 0.1)).toBeLessThan(0.03)
  })

  it('longer times count in the last bucket', () => {
    const counts = new BucketCounts(3_600 * US_PER_S)
    counts.add(100 * US_PER_S)
    const histogram = new OtlpHistogram()
    histogram.add(counts.snapshot())
    expect(histogram.value().buckets.counts.at(-1)).toBe(1)
  })

  it('an empty one has no minimum', () => {
    expect(new OtlpHistogram().value()).toMatchObject({ count: 0, sum: 0 })
    expect(new OtlpHistogram().value()).not.toHaveProperty('min')
  })
})
