import { describe, expect, test } from 'vitest'
import { Recorder, type RequestFacts } from '../../src/measure/recorder.ts'
import type { NameCell, RecorderSnapshot, SecondCell } from '../../src/measure/snapshot.ts'

const SECOND = 1_000_000

const ACCEPTED: RequestFacts = {
  outcome: 'accepted',
  plannedUs: 0,
  sentUs: 0,
  doneUs: 0,
  attempt: 1,
  retryAfterUs: undefined,
  sentBytes: 100,
  receivedBytes: 1_000,
  operation: undefined,
}

/** A first attempt that is planned, sent and done. */
function request(recorder: Recorder, name: string, facts: Partial<RequestFacts>): void {
  const all = { ...ACCEPTED, ...facts }
  const nameId = recorder.nameId(name)
  if (all.attempt === 1) recorder.offered(nameId, all.plannedUs)
  recorder.sent(nameId, all.sentUs, all.attempt)
  recorder.done(nameId, all)
}

function only(snapshot: RecorderSnapshot): SecondCell {
  expect(snapshot.closed).toHaveLength(1)
  const [cell] = snapshot.closed
  if (cell === undefined) throw new Error('no second was closed')
  return cell
}

function named(cell: SecondCell | undefined, name: string): NameCell {
  const found = cell?.names.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no cell of ${name}`)
  return found
}

describe('a request', () => {
  test('is counted with its times in the second in which it was sent', () => {
    const recorder = new Recorder()
    request(recorder, 'rank', { plannedUs: 150_000, sentUs: 250_000, doneUs: 1_270_000 })
    const [cell] = recorder.close(2 * SECOND).closed
    const rank = named(cell, 'rank')
    expect(rank).toMatchObject({
      offeredCount: 1,
      sentCount: 1,
      retryCount: 0,
      outcomeCounts: { accepted: 1, throttled: 0, aborted: 0 },
      serviceTimeSumUs: 1_020_000,
      operationsCount: 1,
      operationsFailedCount: 0,
      sentBytes: 100,
      receivedBytes: 1_000,
      inflightMaxCount: 1,
    })
    expect(rank.bins).toEqual({
      offered: [0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      sent: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
      accepted: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    })
    const durations = rank.histograms.map(({ measure, outcome, histogram }) => [
      measure,
      outcome,
      histogram.sumUs,
    ])
    expect(durations).toEqual([
      ['service_time', 'accepted', 1_020_000],
      ['response_time', 'accepted', 1_120_000],
      ['operation_duration', 'accepted', 1_120_000],
    ])
  })

  test('that was aborted has an outcome but no duration', () => {
    const recorder = new Recorder()
    request(recorder, 'rank', { outcome: 'aborted', sentUs: 10, doneUs: 500 })
    const rank = named(only(recorder.close(SECOND)), 'rank')
    expect(rank).toMatchObject({
      outcomeCounts: { aborted: 1, accepted: 0 },
      serviceTimeSumUs: 490,
      operationsCount: 1,
      operationsFailedCount: 1,
      histograms: [],
    })
  })

  test('that was throttled tells its Retry-After, however long', () => {
    const recorder = new Recorder()
    const day = 86_400 * SECOND
    request(recorder, 'rank', { outcome: 'throttled', doneUs: 3_000, retryAfterUs: day })
    request(recorder, 'rank', { outcome: 'server_error', doneUs: 3_000, retryAfterUs: SECOND })
    const rank = named(only(recorder.close(SECOND)), 'rank')
    expect(rank.retryAfter).toMatchObject({ counts: [1], minUs: day, maxUs: day, sumUs: day })
    expect(rank.bins.accepted).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('that retries counts as one operation with its last outcome', () => {
    const recorder = new Recorder()
    const first = { startUs: 100, isLast: false }
    request(recorder, 'rank', {
      outcome: 'throttled',
      plannedUs: 100,
      sentUs: 100,
      doneUs: 200,
      operation: first,
    })
    const last = { startUs: 100, isLast: true }
    request(recorder, 'rank', { attempt: 2, plannedUs: 700, sentUs: 700, doneUs: 900, operation: last })
    const rank = named(only(recorder.close(SECOND)), 'rank')
    expect(rank).toMatchObject({
      offeredCount: 1,
      sentCount: 2,
      retryCount: 1,
      outcomeCounts: { accepted: 1, throttled: 1 },
      operationsCount: 1,
      operationsFailedCount: 0,
    })
    const operations = rank.histograms.filter(({ measure }) => measure === 'operation_duration')
    expect(operations).toMatchObject([{ outcome: 'accepted', histogram: { sumUs: 800, counts: [1] } }])
  })

  test('that is done before it was sent is refused', () => {
    const recorder = new Recorder()
    expect(() => request(recorder, 'rank', { sentUs: 200, doneUs: 100 })).toThrow(RangeError)
  })
})

describe('iterations', () => {
  test('count in the second in which they were due, with their delay', () => {
    const recorder = new Recorder()
    for (const dueUs of [0, 999_999, SECOND]) recorder.iterationDue(dueUs)
    recorder.iterationStarted(0, 0)
    recorder.iterationStarted(999_999, 1_004_999)
    recorder.iterationDropped(SECOND)
    const [first, second] = recorder.close(2 * SECOND).closed
    expect(first).toMatchObject({
      iterationsDueCount: 2,
      iterationsStartedCount: 2,
      iterationsDroppedCount: 0,
    })
    expect(first?.scheduleDelay).toMatchObject({ counts: [1, 1], minUs: 0, maxUs: 5_000, sumUs: 5_000 })
    expect(second).toMatchObject({
      iterationsDueCount: 1,
      iterationsStartedCount: 0,
      iterationsDroppedCount: 1,
    })
  })

  test('that start before they are due are refused', () => {
    expect(() => new Recorder().iterationStarted(10, 9)).toThrow(RangeError)
  })
})

describe('in flight', () => {
  test('is the most at once, by name and over all', () => {
    const recorder = new Recorder()
    const [rank, reward] = [recorder.nameId('rank'), recorder.nameId('reward')]
    recorder.sent(rank, 0, 1)
    recorder.sent(reward, 0, 1)
    recorder.done(rank, { ...ACCEPTED, doneUs: 10 })
    recorder.sent(rank, 20, 1)
    recorder.sent(rank, 30, 1)
    recorder.done(rank, { ...ACCEPTED, sentUs: 20, doneUs: 40 })
    recorder.done(rank, { ...ACCEPTED, sentUs: 30, doneUs: 40 })
    recorder.done(reward, { ...ACCEPTED, doneUs: 40 })
    const cell = only(recorder.close(SECOND))
    expect(cell.inflightMaxCount).toBe(3)
    expect([named(cell, 'rank').inflightMaxCount, named(cell, 'reward').inflightMaxCount]).toEqual([2, 1])
  })

  test('is carried into seconds in which nothing happens, and not beyond the end', () => {
    const recorder = new Recorder()
    const rank = recorder.nameId('rank')
    recorder.sent(rank, 0, 1)
    recorder.sent(rank, 0, 1)
    recorder.done(rank, { ...ACCEPTED, doneUs: 1_500_000 })
    recorder.done(rank, { ...ACCEPTED, doneUs: 3_500_000 })
    const { closed } = recorder.close(5 * SECOND)
    expect(closed.map((cell) => cell.inflightMaxCount)).toEqual([2, 2, 1, 1, 0])
    expect(closed.map((cell) => cell.names.map((name) => name.inflightMaxCount))).toEqual([
      [2],
      [2],
      [1],
      [1],
      [],
    ])
  })
})

describe('a second is closed', () => {
  const closedAt = (recorder: Recorder, nowUs: number, nextDueUs = Infinity): number[] =>
    recorder.snapshot(nowUs, nextDueUs).closed.map(({ second }) => second)

  test('one second after its end', () => {
    const recorder = new Recorder()
    expect(closedAt(recorder, 1_999_999)).toEqual([])
    expect(closedAt(recorder, 2_000_000)).toEqual([0])
    expect(closedAt(recorder, 2_000_000)).toEqual([])
    expect(closedAt(recorder, 5_500_000)).toEqual([1, 2, 3])
  })

  test('when the next arrival is due after it', () => {
    const recorder = new Recorder()
    expect(closedAt(recorder, 4_000_000, 1_999_999)).toEqual([0])
    expect(closedAt(recorder, 4_000_000, 2_000_000)).toEqual([1])
  })

  test('when everything sent in it and before has its outcome', () => {
    const recorder = new Recorder()
    const rank = recorder.nameId('rank')
    recorder.sent(rank, 1_200_000, 1)
    request(recorder, 'rank', { plannedUs: 2_100_000, sentUs: 2_100_000, doneUs: 2_200_000 })
    expect(closedAt(recorder, 60 * SECOND)).toEqual([0])
    recorder.done(rank, { ...ACCEPTED, plannedUs: 1_200_000, sentUs: 1_200_000, doneUs: 61 * SECOND })
    const { closed } = recorder.snapshot(61 * SECOND, Infinity)
    expect(closed).toHaveLength(59)
    expect(named(closed[0], 'rank')).toMatchObject({ sentCount: 1, outcomeCounts: { accepted: 1 } })
  })

  test('when nothing holds it', () => {
    const recorder = new Recorder()
    recorder.hold(500_000)
    recorder.hold(500_000)
    recorder.release(500_000)
    expect(closedAt(recorder, 10 * SECOND)).toEqual([])
    recorder.release(500_000)
    expect(closedAt(recorder, 10 * SECOND)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('once: what comes later counts in the earliest open second', () => {
    const recorder = new Recorder()
    expect(closedAt(recorder, 3 * SECOND)).toEqual([0, 1])
    recorder.iterationDue(900_000)
    recorder.hold(900_000)
    request(recorder, 'late', { plannedUs: 950_000, sentUs: 960_000, doneUs: 970_000 })
    expect(closedAt(recorder, 9 * SECOND)).toEqual([])
    recorder.release(900_000)
    const [cell] = recorder.snapshot(9 * SECOND, Infinity).closed
    expect(cell).toMatchObject({ second: 2, iterationsDueCount: 1 })
    expect(named(cell, 'late')).toMatchObject({
      offeredCount: 1,
      sentCount: 1,
      outcomeCounts: { accepted: 1 },
    })
    expect(named(cell, 'late').bins.sent[0]).toBe(1)
  })

  test('and the open ones are told as they stand', () => {
    const recorder = new Recorder()
    recorder.sent(recorder.nameId('rank'), 100_000, 1)
    const { closed, open } = recorder.snapshot(1_500_000, Infinity)
    expect(closed).toEqual([])
    expect(open.map(({ second }) => second)).toEqual([0, 1])
    expect(named(open[0], 'rank')).toMatchObject({ sentCount: 1, outcomeCounts: { accepted: 0 } })
  })
})

describe('closing the recorder', () => {
  test.each([
    [0, []],
    [1, [0]],
    [SECOND, [0]],
    [SECOND + 1, [0, 1]],
  ])('at %d µs gives every second that began before', (nowUs, seconds) => {
    const { closed, open } = new Recorder().close(nowUs)
    expect(closed.map(({ second }) => second)).toEqual(seconds)
    expect(open).toEqual([])
  })

  test('gives what was recorded at its very end', () => {
    const recorder = new Recorder()
    recorder.iterationDue(2 * SECOND)
    expect(recorder.close(2 * SECOND).closed.map((cell) => cell.iterationsDueCount)).toEqual([0, 0, 1])
  })
})

test('tells when names overflowed', () => {
  const recorder = new Recorder()
  for (let i = 0; i < 200; i++) recorder.nameId(`name ${i}`)
  expect(recorder.snapshot(0, 0).namesOverflowed).toBe(false)
  recorder.nameId('one more')
  expect(recorder.close(0).namesOverflowed).toBe(true)
})
