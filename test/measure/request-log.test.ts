import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '../../src/measure/outcome.ts'
import { RequestLog, requestsOf, type RequestRecord } from '../../src/measure/request-log.ts'
import { REQUEST } from '../support/request-fixture.ts'

const us = fc.nat({ max: 2 ** 40 })
const text = fc.constantFrom('', 'rank', 'reward', 'GET /ü', 'constructor')
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })

const record: fc.Arbitrary<RequestRecord> = fc.record({
  name: text,
  scenario: text,
  method: text,
  vuId: fc.nat(),
  attempt: fc.integer({ min: 1, max: 9 }),
  outcome: fc.constantFrom(...OUTCOMES),
  status: optional(fc.integer({ min: 100, max: 599 })),
  error: optional(text),
  plannedUs: us,
  sentUs: us,
  firstByteUs: optional(us),
  doneUs: us,
  connectingUs: us,
  retryAfterUs: optional(us),
  sentBytes: fc.nat(),
  receivedBytes: fc.nat(),
})

describe('RequestLog', () => {
  it('gives back every request once, in order, however often it is emptied', () => {
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 20 }), { maxLength: 5 }), (groups) => {
        const log = new RequestLog()
        for (const group of groups) {
          for (const each of group) log.add(each)
          const batch = log.take()
          expect(batch === undefined ? [] : [...requestsOf(structuredClone(batch))]).toEqual(group)
        }
      }),
    )
  })

  it('has room for as many requests as there are', () => {
    const log = new RequestLog()
    const records = Array.from({ length: 5_000 }, (_, i) => ({ ...REQUEST, doneUs: i }))
    for (const each of records) log.add(each)
    const batch = log.take()
    expect(batch && [...requestsOf(batch)]).toEqual(records)
    expect(log.take()).toBeUndefined()
  })

  it('shows no text that may not be written', () => {
    const log = new RequestLog((shown) => shown.replaceAll('s3cret', '***'))
    log.add({ ...REQUEST, name: 'GET /?key=s3cret', scenario: 's3cret' })
    const batch = log.take()
    expect(batch && [...requestsOf(batch)]).toMatchObject([{ name: 'GET /?key=***', scenario: '***' }])
  })
})
