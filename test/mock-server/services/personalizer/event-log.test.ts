import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NewEvent, RankEvent } from '../../../../mock-server/services/personalizer/event-columns.ts'
import { EventLog } from '../../../../mock-server/services/personalizer/event-log.ts'
import { type Log, PlainEventLog } from './plain-event-log.ts'

const event = (id: string, rankedAtUs: number): NewEvent => ({
  id,
  rankedAtUs,
  isActive: true,
  choices: [{ slotId: '', actionId: 'a' }],
})
const idsOf = (events: readonly RankEvent[]): string[] => events.map(({ id }) => id)

test('the oldest event makes room; only an open one is a loss', () => {
  const log = new EventLog(3)
  for (const at of [1, 2, 3, 4]) log.open(event(`e${at}`, at))
  expect([log.size, log.openCount, log.droppedOpenCount, log.oldest?.id]).toEqual([3, 3, 1, 'e2'])
  expect([log.reward('e1', '', 1), log.reward('e2', '', 1)]).toEqual([false, true])
  expect(idsOf(log.settle(3))).toEqual(['e2', 'e3'])
  for (const at of [5, 6]) log.open(event(`e${at}`, at))
  expect([log.size, log.openCount, log.droppedOpenCount, log.oldest?.id]).toEqual([3, 3, 1, 'e4'])
})

test('an event may come again once the first of its name is over', () => {
  const log = new EventLog(3)
  log.open(event('e', 1))
  log.open(event('e', 2))
  expect(log.size).toBe(1)
  log.settle(1)
  log.open(event('e', 3))
  expect([log.size, log.newest?.rankedAtUs]).toEqual([2, 3])
  expect([log.reward('e', '', 1), log.settle(2), log.settle(3)[0]?.rankedAtUs]).toEqual([true, [], 3])
})

test('where an event was, the next one begins without its rewards and its slots', () => {
  const log = new EventLog(1_024)
  log.open({ ...event('slots', 0), choices: [{ slotId: 's', actionId: 'a' }] })
  log.reward('slots', 's', 1)
  for (let at = 1; at <= 2_048; at++) {
    log.open(event(`e${at}`, at))
    log.reward(`e${at}`, '', at)
  }
  expect(log.reward('e2048', 's', 1)).toBe(false)
  expect(log.newest?.choices).toEqual([
    { slotId: '', actionId: 'a', rewardCount: 1, rewardSum: 2_048, firstReward: 2_048 },
  ])
})

test('while the log grows, events keep what they have earned, and closed ones stay closed', () => {
  const [log, plain] = [new EventLog(10_000), new PlainEventLog(10_000)]
  for (const one of [log, plain]) {
    for (let at = 0; at < 1_000; at++) {
      one.open({ ...event(`e${at}`, at), isActive: at % 3 === 0 })
      for (let count = 0; count < at % 4; count++) one.reward(`e${at}`, '', at - count)
    }
    one.settle(499)
    for (let at = 1_000; at < 3_000; at++) one.open(event(`e${at}`, at))
  }
  expect([log.reward('e499', '', 1), log.reward('e500', '', 1)]).toEqual([false, true])
  plain.reward('e500', '', 1)
  expect(log.settle(3_000)).toEqual(plain.settle(3_000))
  expect(log.settledBetween(0, 499)).toEqual(plain.settledBetween(0, 499))
})

const MAX_IDS = 5_000
/** Events take turns with so many: with few, some are open already; with many, the log grows. */
const idCounts = fc.integer({ min: 1, max: MAX_IDS })
const slotIds = fc.constantFrom('', 's', 't')
const actionIds = fc.constantFrom('a', 'b', '')
const openings = fc.record({
  kind: fc.constant('open' as const),
  count: fc.integer({ min: 1, max: 900 }),
  idCount: idCounts,
  isActive: fc.boolean(),
  choices: fc.oneof(
    actionIds.map((actionId) => [{ slotId: '', actionId }]),
    fc.array(fc.record({ slotId: slotIds, actionId: actionIds }), { maxLength: 3 }),
  ),
})
const rewards = fc.record({
  kind: fc.constant('reward' as const),
  firstId: fc.nat(MAX_IDS),
  slotId: slotIds,
  value: fc.integer({ min: -4, max: 4 }),
})
const activations = fc.record({ kind: fc.constant('activate' as const), id: fc.nat(MAX_IDS) })
const ends = fc.record({ kind: fc.constantFrom('settle' as const, 'expire' as const), ago: fc.nat(1_500) })
const steps = fc.oneof(
  { weight: 4, arbitrary: openings },
  { weight: 6, arbitrary: rewards },
  { weight: 2, arbitrary: activations },
  { weight: 4, arbitrary: ends },
  { weight: 1, arbitrary: fc.constant({ kind: 'clear' as const }) },
)
type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never

/** @returns what the log has to say to it. */
function take(log: Log, one: ValueOf<typeof steps>, now: number): unknown {
  if (one.kind === 'settle') return log.settle(now - one.ago)
  if (one.kind === 'reward') {
    const rewarded = Array.from({ length: 20 }, (_, i) => `e${(one.firstId + i) % MAX_IDS}`)
    return rewarded.map((id) => log.reward(id, one.slotId, one.value))
  }
  if (one.kind === 'open') openAll(log, one, now)
  else if (one.kind === 'activate') log.activate(`e${one.id}`)
  else if (one.kind === 'expire') log.expire(now - one.ago)
  else log.clear()
  return undefined
}

function openAll(
  log: Log,
  { count, idCount, isActive, choices }: ValueOf<typeof openings>,
  now: number,
): void {
  for (let at = now + 1; at <= now + count; at++)
    log.open({ id: `e${at % idCount}`, rankedAtUs: at, isActive, choices })
}

function standingOf({ size, openCount, droppedOpenCount, oldest, newest }: Log): object {
  return { size, openCount, droppedOpenCount, oldest, newest }
}

test('does what plain lists do, over thousands of events', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(3, 700, 1_024, 2_500),
      fc.array(steps, { maxLength: 40 }),
      (maxEvents, taken) => {
        const log = new EventLog(maxEvents)
        const plain = new PlainEventLog(maxEvents)
        let now = 0
        for (const one of taken) {
          expect(take(log, one, now)).toEqual(take(plain, one, now))
          if (one.kind === 'open') now += one.count
          expect(standingOf(log)).toEqual(standingOf(plain))
        }
        expect(log.settle(now)).toEqual(plain.settle(now))
        expect(log.settledBetween(now - 500, now - 10)).toEqual(plain.settledBetween(now - 500, now - 10))
      },
    ),
    { numRuns: 60 },
  )
})
