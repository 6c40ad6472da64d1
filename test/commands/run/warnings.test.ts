import { describe, expect, it } from 'vitest'
import { runWarnings } from '../../../src/commands/run/warnings.ts'
import { IDLE_NAME, outcomeCounts } from '../../support/summary-fixture.ts'

const PROGRESS = {
  activeVus: 0,
  initializedVus: 1,
  startedCount: 1,
  completedCount: 1,
  interruptedCount: 0,
  exceptionCount: 0,
  unbegunCount: 0,
}
const GOOD = {
  all: { ...IDLE_NAME, sentCount: 2, outcomeCounts: outcomeCounts({ accepted: 2 }) },
  stopReason: undefined,
  namesOverflowed: false,
  progress: PROGRESS,
}

describe('runWarnings', () => {
  it('says nothing of a run without a flaw', () => {
    expect(runWarnings(GOOD)).toEqual([])
  })

  it.each([
    [{ stopReason: 'interrupt' as const }, /was interrupted/],
    [{ stopReason: 'threshold' as const }, /abortOnFail ended the run early/],
    [{ stopReason: 'max-requests' as const }, /ended at --max-requests/],
    [{ stopReason: 'abort' as const }, /the script aborted the test/],
    [{ stopReason: 'script-error' as const }, /do not use the figures/],
    [{ stopReason: 'hang' as const }, /the script hung/],
    [{ progress: { ...PROGRESS, exceptionCount: 3 } }, /exception of the script: 3/],
    [{ progress: { ...PROGRESS, interruptedCount: 4 } }, /: 4; raise gracefulStop/],
    [{ progress: { ...PROGRESS, unbegunCount: 5 } }, /maxDuration was over: 5; raise/],
    [{ namesOverflowed: true }, /_other; set tags\.name/],
    [{ all: IDLE_NAME }, /^no request was sent: check/],
    [{ all: { ...IDLE_NAME, durationS: 0 } }, /over before its warm-up/],
    [
      { all: { ...IDLE_NAME, sentCount: 2, outcomeCounts: outcomeCounts({ throttled: 2 }) } },
      /^no request was accepted/,
    ],
  ])('%j', (flaw, expected) => {
    expect(runWarnings({ ...GOOD, ...flaw })).toEqual([expect.stringMatching(expected)])
  })

  it('does not advise on gracefulStop when the run was ended early anyway', () => {
    const progress = { ...PROGRESS, interruptedCount: 4 }
    expect(runWarnings({ ...GOOD, progress, stopReason: 'interrupt' })).toHaveLength(1)
  })
})
