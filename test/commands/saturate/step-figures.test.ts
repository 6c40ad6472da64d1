import { describe, expect, it } from 'vitest'
import { StepFigures } from '../../../src/commands/saturate/step-figures.ts'
import { US_PER_S } from '../../../src/core/units.ts'
import { Recorder } from '../../../src/measure/recorder.ts'
import { RunTotals } from '../../../src/measure/run-totals.ts'
import { SUMMARY } from '../../support/summary-fixture.ts'

/** `perSecond` requests of 10 ms in each of the seconds. */
function ask(recorder: Recorder, name: string, from: number, to: number, perSecond: number): void {
  const id = recorder.nameId(name)
  for (let index = 0; index < (to - from) * perSecond; index++) {
    const sentUs = from * US_PER_S + Math.floor((index * US_PER_S) / perSecond)
    recorder.offered(id, sentUs)
    recorder.sent(id, sentUs, 1)
    recorder.done(id, {
      outcome: 'accepted',
      plannedUs: sentUs,
      sentUs,
      doneUs: sentUs + 10_000,
      attempt: 1,
      retryAfterUs: undefined,
      sentBytes: 1,
      receivedBytes: 1,
      operation: undefined,
    })
  }
}

describe('the figures of steps', () => {
  it('are those of each step’s own time, and the counts add up to the run’s', () => {
    const recorder = new Recorder()
    const figures = new StepFigures()
    const totals = new RunTotals({
      warmupUs: 0,
      loadEndUs: 7 * US_PER_S,
      capRps: undefined,
      onSecond: () => {},
    })
    figures.begin('c=1', 0)
    ask(recorder, 'c=1', 0, 3, 20)
    figures.end(3 * US_PER_S)
    // A second without a request lies between them.
    figures.begin('c=2', 4 * US_PER_S)
    ask(recorder, 'c=2', 4, 7, 50)
    figures.end(7 * US_PER_S)
    const { closed } = recorder.close(7 * US_PER_S)
    figures.add(closed)
    totals.add(closed)
    const run = { ...SUMMARY, ...totals.finish({ loadEndUs: 7 * US_PER_S }) }
    const { names, burst, histograms } = figures.within(run)
    expect(
      names.map(({ name, durationS, sentCount, sentRps }) => [name, durationS, sentCount, sentRps]),
    ).toEqual([
      ['_all', 7, 210, 30],
      ['c=1', 3, 60, 20],
      ['c=2', 3, 150, 50],
    ])
    const peaks = burst.filter(({ traffic, windowMs }) => traffic === 'sent' && windowMs === 1_000)
    expect(peaks.map(({ name, peakRps, meanRps }) => [name, peakRps, meanRps])).toEqual([
      ['_all', 50, 30],
      ['c=1', 20, 20],
      ['c=2', 50, 50],
    ])
    const service = histograms.filter(({ measure }) => measure === 'service_time')
    const counts = service.map(({ histogram }) => histogram.counts.reduce((sum, count) => sum + count, 0))
    expect(counts).toEqual([210, 60, 150])
  })
})
