import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IngestQueue } from '../../mock-server/ingest.ts'

const S = 1_000_000

// Figures of azure-docs cognitive-services/personalizer, scalability and performance: 20 MB/s, 500 features of 20 characters.
const BYTES_PER_S = 20_000_000
const EVENT_BYTES = 500 * 20

describe('T3: throughput of training', () => {
  test('2,000 events of 10,000 bytes a second are just taken in, 172.8 million a day', () => {
    const queue = new IngestQueue(BYTES_PER_S)
    for (let event = 0; event < 20_000; event++) queue.add(EVENT_BYTES, event * 500)
    const { backlogBytes, backlogPeakBytes, lagUs } = queue.state(10 * S)
    expect([backlogBytes, backlogPeakBytes, lagUs]).toEqual([0, EVENT_BYTES, 0])
    expect((BYTES_PER_S / EVENT_BYTES) * 86_400).toBe(172_800_000)
  })

  test('one event a second more falls behind by just that', () => {
    const queue = new IngestQueue(BYTES_PER_S)
    for (let second = 0; second < 10; second++) queue.add(2_001 * EVENT_BYTES, second * S)
    expect(queue.state(10 * S)).toMatchObject({ backlogBytes: 10 * EVENT_BYTES, lagUs: 5_000 })
  })
})

test('T3b: 2,500 events a second for 60 s leave 300 MB, which are gone after 15 s', () => {
  const queue = new IngestQueue(BYTES_PER_S)
  for (let event = 0; event < 150_000; event++) queue.add(EVENT_BYTES, event * 400)
  expect(queue.state(60 * S)).toEqual({
    bytesPerS: BYTES_PER_S,
    acceptedBytes: 1_500_000_000,
    backlogBytes: 300_000_000,
    backlogPeakBytes: 300_008_000,
    lagUs: 15 * S,
  })
  expect(queue.state(75 * S - 1).lagUs).toBe(1)
  expect(queue.state(75 * S)).toMatchObject({ backlogBytes: 0, lagUs: 0 })
})

test('a backlog of terabytes over years is counted exactly', () => {
  const queue = new IngestQueue(999_999_937)
  queue.add(9_000_000_000_000_000, 0)
  const { backlogBytes, lagUs } = queue.state(31_622_400 * S - 1)
  const drained = (BigInt(31_622_400 * S - 1) * 999_999_937n) / 1_000_000n
  expect(BigInt(backlogBytes)).toBe(drained > 9_000_000_000_000_000n ? 0n : 9_000_000_000_000_000n - drained)
  expect(lagUs).toBe(0)
})

test('looking at it more often changes nothing, and a time that goes back counts as the latest', () => {
  const add = fc.record({ bytes: fc.nat(5_000), gapUs: fc.nat(3_000) })
  fc.assert(
    fc.property(
      fc.array(add, { maxLength: 40 }),
      fc.integer({ min: 1, max: 9_999_991 }),
      (adds, bytesPerS) => {
        const [seldom, often] = [new IngestQueue(bytesPerS), new IngestQueue(bytesPerS)]
        // The oracle counts in millionths of a byte.
        let backlog = 0n
        let nowUs = 0
        for (const { bytes, gapUs } of adds) {
          for (let us = 0; us < gapUs; us += 700) often.state(nowUs + us)
          nowUs += gapUs
          backlog -= BigInt(gapUs) * BigInt(bytesPerS)
          backlog = (backlog < 0n ? 0n : backlog) + BigInt(bytes) * 1_000_000n
          seldom.add(bytes, nowUs)
          often.add(bytes, nowUs)
        }
        expect(often.state(nowUs - 1)).toEqual(seldom.state(nowUs))
        const lagUs = (backlog + BigInt(bytesPerS) - 1n) / BigInt(bytesPerS)
        expect(BigInt(seldom.state(nowUs).lagUs)).toBe(lagUs)
      },
    ),
  )
})
