import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/measure/outcome.ts'
import type { SecondRow } from '../../../src/measure/summary.ts'
import { ImportedRun, type ImportedEnd } from '../../../src/run-files/imports/imported-run.ts'
import type { RequestSample } from '../../../src/run-files/imports/request-sample.ts'
import { inOrderOfStart, mergedByEnd } from '../../../src/run-files/imports/sample-order.ts'

const US_PER_MS = 1_000
const US_PER_S = 1_000_000
const ORIGIN_US = 1_795_227_420_000_000

function sampleOf(
  startMs: number,
  durationMs: number,
  outcome: Outcome = 'accepted',
  name = 'a',
): RequestSample {
  const startUs = ORIGIN_US + startMs * US_PER_MS
  const endUs = startUs + durationMs * US_PER_MS
  return { name, outcome, startUs, endUs, sentBytes: 10, receivedBytes: 20 }
}

interface Import {
  readonly end: ImportedEnd
  readonly rows: readonly SecondRow[]
}

/** Samples in any order. */
async function importOf(...machines: readonly (readonly RequestSample[])[]): Promise<Import> {
  const rows: SecondRow[] = []
  const run = new ImportedRun(ORIGIN_US, { onSecond: (each) => rows.push(...each), onCells: () => {} })
  const sources = machines.map((samples) => written(samples))
  for await (const sample of inOrderOfStart(mergedByEnd(sources))) run.add(sample)
  return { end: run.finish(), rows }
}

/** As tools write requests: when they have ended. */
async function* written(samples: readonly RequestSample[]): AsyncGenerator<RequestSample> {
  yield* [...samples].sort((a, b) => a.endUs - b.endUs)
}

const requests = fc.array(
  fc
    .record({
      startMs: fc.integer({ min: 0, max: 5_000 }),
      durationMs: fc.integer({ min: 0, max: 3_000 }),
      outcome: fc.constantFrom<Outcome>('accepted', 'throttled', 'timeout'),
      name: fc.constantFrom('a', 'b'),
    })
    .map(({ startMs, durationMs, outcome, name }) => sampleOf(startMs, durationMs, outcome, name)),
  { minLength: 1, maxLength: 40 },
)

/** How many were under way at the start of any of them: one that ends when another begins is over. */
function mostInFlight(samples: readonly RequestSample[]): number {
  const ordered = [...samples].sort((a, b) => a.startUs - b.startUs)
  return Math.max(
    ...ordered.map(
      ({ startUs }, i) => 1 + ordered.slice(0, i).filter((other) => other.endUs > startUs).length,
    ),
  )
}

describe('ImportedRun', () => {
  it('counts as a slow and obvious count does, however many machines there were', async () => {
    await fc.assert(
      fc.asyncProperty(requests, requests, async (east, west) => {
        const all = [...east, ...west]
        const { end, rows } = await importOf(east, west)
        const [total, ...names] = end.names
        const durationUs = Math.max(...all.map(({ endUs }) => endUs)) - ORIGIN_US
        const accepted = all.filter(({ outcome }) => outcome === 'accepted')
        expect(total).toMatchObject({
          sentCount: all.length,
          durationS: durationUs / US_PER_S,
          inflightMaxCount: mostInFlight(all),
          sentBytes: 10 * all.length,
          receivedBytes: 20 * all.length,
          outcomeCounts: { accepted: accepted.length },
        })
        const sumUs = accepted.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0)
        const { count, meanUs = 0 } = total?.responseTimeAccepted ?? {}
        expect([count, Math.round(meanUs * accepted.length)]).toEqual([accepted.length, sumUs])
        for (const { name, sentCount } of names) {
          expect(sentCount).toBe(all.filter((sample) => sample.name === name).length)
        }
        for (const row of rows.filter(({ name }) => name === '_all')) {
          const inSecond = all.filter(
            ({ startUs }) => Math.floor((startUs - ORIGIN_US) / US_PER_S) === row.second,
          )
          expect(row.sentCount).toBe(inSecond.length)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('peaks count whole seconds up to the last end only', async () => {
    const even = Array.from({ length: 25 }, (_, i) => sampleOf(i * 100, 50))
    const { end } = await importOf(even)
    expect(end.names[0]).toMatchObject({ durationS: 2.45, peak1s: { sent: { peakRps: 10, meanRps: 10 } } })
  })

  it('leaves empty what nobody knows', async () => {
    const { end, rows } = await importOf([{ ...sampleOf(1, 10), sentBytes: undefined }])
    expect(end.names[0]).toMatchObject({
      sentBytes: NaN,
      receivedBytes: 20,
      iterationsDueCount: undefined,
      iterationsDroppedCount: undefined,
      scheduleDelay: { count: 0 },
    })
    expect(rows[0]).toMatchObject({ iterationsDueCount: undefined, scheduleDelayMaxUs: undefined })
    expect(end.isCoarse).toBe(false)
  })

  it('of whole seconds, what happens within them is not known', async () => {
    const coarse = [1_000, 2_000, 3_000].map((endMs) => sampleOf(endMs - 20, 20))
    const { end, rows } = await importOf(coarse)
    expect(end.isCoarse).toBe(true)
    expect(end.names.map(({ inflightMaxCount }) => inflightMaxCount)).toEqual([NaN, NaN])
    expect(rows.every(({ inflightMaxCount }) => Number.isNaN(inflightMaxCount))).toBe(true)
    const short = end.burst.filter(({ windowMs }) => windowMs === 100)
    expect(short.map(({ peakRps }) => peakRps)).toEqual(short.map(() => undefined))
    expect(end.burst.find(({ windowMs }) => windowMs === 1_000)?.peakRps).toBe(1)
  })

  it('a request of more than two minutes comes late, and counts', async () => {
    const many = Array.from({ length: 200 }, (_, second) => sampleOf(second * 1_000 + 1, 10))
    const { end } = await importOf([...many, sampleOf(0, 190_000, 'timeout')])
    expect(end.names[0]).toMatchObject({ sentCount: 201, outcomeCounts: { accepted: 200, timeout: 1 } })
    expect(end.endUs).toBe(199_011 * US_PER_MS)
  })
})

describe('inOrderOfStart', () => {
  it('hands on what began two minutes ago while the rest is read', async () => {
    const seen: string[] = []
    async function* endless(): AsyncGenerator<RequestSample> {
      for (let second = 0; second < 200; second++) {
        seen.push(`read ${second}`)
        yield sampleOf(second * 1_000, 10)
      }
    }
    const ordered = inOrderOfStart(endless())
    await ordered.next()
    expect(seen.at(-1)).toBe('read 120')
  })
})
