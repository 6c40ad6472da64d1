import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OUTCOMES } from '../../src/measure/outcome.ts'
import type { SecondRow } from '../../src/measure/summary.ts'
import { SECOND, run, summaryOf, type Sent } from './replay.ts'

describe('for any traffic', () => {
  const request = fc
    .record({
      name: fc.constantFrom('a', 'b', 'c'),
      plannedUs: fc.nat({ max: 12 * SECOND }),
      lateUs: fc.nat({ max: 3_000 }),
      serviceUs: fc.oneof(fc.nat({ max: 100_000 }), fc.nat({ max: 8 * SECOND })),
      outcome: fc.constantFrom(...OUTCOMES),
      attempt: fc.constantFrom(1, 1, 1, 2),
    })
    .map(({ lateUs, serviceUs, ...rest }): Sent => {
      const sentUs = rest.plannedUs + lateUs
      return { ...rest, sentUs, doneUs: sentUs + serviceUs }
    })
  const traffic = fc.array(request, { maxLength: 80 })
  const END = 21 * SECOND

  const sumRows = (rows: readonly SecondRow[], count: (row: SecondRow) => number): number =>
    rows.reduce((total, row) => total + count(row), 0)

  test('rows add up to the totals, names add up to all, histograms hold every outcome', () => {
    fc.assert(
      fc.property(traffic, (requests) => {
        const result = run(requests, END)
        const [all, ...named] = result.figures.names
        expect(named.reduce((sum, { sentCount }) => sum + sentCount, 0)).toBe(requests.length)
        for (const summary of result.figures.names) {
          const rows = result.rows.filter(({ name }) => name === summary.name)
          expect(sumRows(rows, (row) => row.offeredCount)).toBe(summary.offeredCount)
          expect(sumRows(rows, (row) => row.sentCount)).toBe(summary.sentCount)
          expect(sumRows(rows, (row) => row.retryCount)).toBe(summary.retryCount)
          expect(sumRows(rows, (row) => row.responseTimeAccepted.count)).toBe(
            summary.responseTimeAccepted.count,
          )
          for (const outcome of OUTCOMES) {
            const count = summary.outcomeCounts[outcome]
            expect(sumRows(rows, (row) => row.outcomeCounts[outcome])).toBe(count)
            const service = result.figures.histograms.filter(
              (rows) =>
                rows.name === summary.name && rows.measure === 'service_time' && rows.outcome === outcome,
            )
            const held = service.flatMap(({ histogram }) => histogram.counts).reduce((sum, n) => sum + n, 0)
            expect(held).toBe(outcome === 'aborted' ? 0 : count)
          }
        }
        expect(all?.sentCount).toBe(requests.length)
      }),
      { numRuns: 60 },
    )
  })

  test('every figure is that of the list of requests', () => {
    fc.assert(
      fc.property(traffic, (requests) => {
        const all = summaryOf(run(requests, END), '_all')
        const accepted = requests.filter(({ outcome }) => outcome === 'accepted')
        const times = accepted.map(({ doneUs, plannedUs }) => doneUs - plannedUs)
        expect(all.offeredCount).toBe(requests.filter(({ attempt }) => attempt === 1).length)
        expect(all.outcomeCounts.accepted).toBe(accepted.length)
        expect(all.responseTimeAccepted.maxUs).toBe(times.length === 0 ? undefined : Math.max(...times))
        expect(all.responseTimeAccepted.minUs).toBe(times.length === 0 ? undefined : Math.min(...times))
        const busyUs = requests.reduce((sum, { doneUs, sentUs }) => sum + doneUs - sentUs, 0)
        expect(all.inflightMeanCount).toBeCloseTo(busyUs / END, 9)
        expect(all.inflightMaxCount).toBe(mostAtOnce(requests))
      }),
      { numRuns: 60 },
    )
  })

  test('in flight in a second is the most at any moment of it', () => {
    fc.assert(
      fc.property(traffic, (requests) => {
        const rows = run(requests, END).rows.filter(({ name }) => name === '_all')
        const wanted = rows.map(({ second }) => mostWithin(requests, second * SECOND, (second + 1) * SECOND))
        expect(rows.map(({ inflightMaxCount }) => inflightMaxCount)).toEqual(wanted)
      }),
      { numRuns: 60 },
    )
  })
})

/** In flight from the moment it is sent; a request that is sent is counted before one that is done at the same time. */
function inFlightAt(requests: readonly Sent[], atUs: number): number {
  return requests.filter(({ sentUs, doneUs }) => sentUs <= atUs && atUs <= doneUs).length
}

function mostAtOnce(requests: readonly Sent[]): number {
  return Math.max(0, ...requests.map(({ sentUs }) => inFlightAt(requests, sentUs)))
}

function mostWithin(requests: readonly Sent[], fromUs: number, toUs: number): number {
  const starts = requests.map(({ sentUs }) => sentUs).filter((sentUs) => sentUs >= fromUs && sentUs < toUs)
  return Math.max(...[fromUs, ...starts].map((atUs) => inFlightAt(requests, atUs)))
}
