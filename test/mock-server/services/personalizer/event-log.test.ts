import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventLog, type RankEvent } from '../../../../mock-server/services/personalizer/event-log.ts'

const event = (id: string, rankedAtUs: number): RankEvent => ({ id, rankedAtUs, isActive: true, choices: [] })
const idsOf = (events: readonly RankEvent[]): string[] => events.map(({ id }) => id)

test('the oldest event makes room; only an open one is a loss', () => {
  const log = new EventLog(3)
  for (const at of [1, 2, 3, 4]) log.open(event(`e${at}`, at))
  expect([log.size, log.openCount, log.droppedOpenCount, log.oldest?.id]).toEqual([3, 3, 1, 'e2'])
  expect([log.findOpen('e1'), log.findOpen('e2')?.id]).toEqual([undefined, 'e2'])
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
  expect([log.size, log.findOpen('e')?.rankedAtUs]).toEqual([2, 3])
})

test('does what a plain list does, over thousands of events', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('open' as const), count: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ kind: fc.constant('settle' as const), ago: fc.nat(1_500) }),
    fc.record({ kind: fc.constant('expire' as const), ago: fc.nat(1_500) }),
    fc.record({ kind: fc.constant('clear' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const maxEvents = 2_000
      const log = new EventLog(maxEvents)
      let [settled, open]: [RankEvent[], RankEvent[]] = [[], []]
      let now = 0
      let droppedCount = 0
      for (const each of steps) {
        let [settledNow, dueNow]: [RankEvent[], RankEvent[]] = [[], []]
        if (each.kind === 'open') {
          for (let i = 0; i < each.count; i++) {
            now++
            const one = event(`e${now}`, now)
            if (settled.length + open.length === maxEvents && settled.shift() === undefined) {
              open.shift()
              droppedCount++
            }
            open.push(one)
            log.open(one)
          }
        } else if (each.kind === 'settle') {
          const due = open.filter(({ rankedAtUs }) => rankedAtUs <= now - each.ago)
          open = open.slice(due.length)
          settled.push(...due)
          settledNow = log.settle(now - each.ago)
          dueNow = due
        } else if (each.kind === 'expire') {
          settled = settled.filter(({ rankedAtUs }) => rankedAtUs >= now - each.ago)
          log.expire(now - each.ago)
        } else {
          ;[settled, open] = [[], []]
          log.clear()
        }
        expect(settledNow).toEqual(dueNow)
        expect([log.size, log.openCount]).toEqual([settled.length + open.length, open.length])
        expect([log.oldest, log.newest]).toEqual([settled[0] ?? open[0], open.at(-1) ?? settled.at(-1)])
      }
      expect(log.droppedOpenCount).toBe(droppedCount)
      expect(log.settledBetween(now - 500, now - 10)).toEqual(
        settled.filter(({ rankedAtUs }) => rankedAtUs >= now - 500 && rankedAtUs <= now - 10),
      )
    }),
    { numRuns: 60 },
  )
})
