import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryAfterUs } from '../../src/engine/retry-after.ts'
import { responseOf } from '../support/fake-transport.ts'

type Headers = readonly (readonly [name: string, value: string])[]

const DATE = ['Date', 'Sun, 06 Nov 1994 08:49:37 GMT'] as const

describe('retryAfterUs', () => {
  const table: readonly (readonly [Headers, number | undefined])[] = [
    [[], undefined],
    [[['Retry-After', '0']], 0],
    [[['Retry-After', '120']], 120_000_000],
    [[['retry-after-ms', '350']], 350_000],
    [[['retry-after-ms', '1.5']], 1_500],
    [[['x-ms-retry-after-ms', '20']], 20_000],
    // The finer one is believed, a broken one passed over.
    [
      [
        ['Retry-After', '1'],
        ['retry-after-ms', '350'],
      ],
      350_000,
    ],
    [
      [
        ['retry-after-ms', '350'],
        ['x-ms-retry-after-ms', '20'],
      ],
      350_000,
    ],
    [
      [
        ['Retry-After', '1'],
        ['retry-after-ms', 'soon'],
      ],
      1_000_000,
    ],
    [
      [
        ['Retry-After', '1'],
        ['retry-after-ms', '-5'],
      ],
      1_000_000,
    ],
    // Dates count from the reply's own; the three formats of RFC 9110 §5.6.7, of which asctime names no zone.
    [[DATE, ['Retry-After', 'Sun, 06 Nov 1994 08:49:47 GMT']], 10_000_000],
    [[DATE, ['Retry-After', 'Sunday, 06-Nov-94 08:49:47 GMT']], 10_000_000],
    [[DATE, ['Retry-After', 'Sun Nov  6 08:49:47 1994']], undefined],
    [[DATE, ['Retry-After', 'Sun, 06 Nov 1994 08:49:30 GMT']], 0],
    [[['Retry-After', 'Sun, 06 Nov 1994 08:49:47 GMT']], undefined],
    [
      [
        ['Date', 'today'],
        ['Retry-After', 'Sun, 06 Nov 1994 08:49:47 GMT'],
      ],
      undefined,
    ],
    // What is no number of seconds and no date.
    [[DATE, ['Retry-After', '']], undefined],
    [[DATE, ['Retry-After', 'soon']], undefined],
    [[DATE, ['Retry-After', '-5']], undefined],
    [[DATE, ['Retry-After', '2.5']], undefined],
    [[DATE, ['Retry-After', '10 seconds']], undefined],
    [[DATE, ['Retry-After', '1, 2']], undefined],
    // More than can be counted.
    [[['Retry-After', '9'.repeat(30)]], undefined],
    [[['retry-after-ms', '9'.repeat(400)]], undefined],
    [
      [
        ['Retry-After', '5'],
        ['retry-after-ms', '9'.repeat(400)],
      ],
      5_000_000,
    ],
  ]

  it.each(table)('%j → %j µs', (headers, expected) => {
    expect(retryAfterUs(responseOf({ headers }))).toBe(expected)
  })

  it('without a reply: nothing', () => {
    expect(retryAfterUs(undefined)).toBeUndefined()
  })

  it('is a whole number of µs or nothing, whatever the server says', () => {
    const value = fc.oneof(fc.string(), fc.stringMatching(/^[\d.]{1,40}$/), fc.date().map(String))
    const name = fc.constantFrom('retry-after', 'retry-after-ms', 'x-ms-retry-after-ms', 'date')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (headers) => {
        const us = retryAfterUs(responseOf({ headers }))
        expect(us === undefined || (Number.isSafeInteger(us) && us >= 0)).toBe(true)
      }),
    )
  })
})
