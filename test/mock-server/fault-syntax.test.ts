import { describe, expect, test } from 'vitest'
import { FAULT_TABLE, formatFault, parseFault } from '../../mock-server/fault-syntax.ts'
import type { FaultConfig } from '../../mock-server/faults.ts'

const S = 1_000_000

describe('a good fault', () => {
  test.each<[string, FaultConfig]>([
    ['reset', { kind: 'reset' }],
    ['reset:0.01', { kind: 'reset', ratio: 0.01 }],
    ['error:503', { kind: 'error', status: 503 }],
    ['error:408', { kind: 'error', status: 408 }],
    ['error:409:0.5', { kind: 'error', status: 409, ratio: 0.5 }],
    ['error:413', { kind: 'error', status: 413 }],
    ['error:500:0.5@1m0.5s..2m', { kind: 'error', status: 500, ratio: 0.5, fromUs: 60.5 * S, toUs: 120 * S }],
    ['stall', { kind: 'stall' }],
    ['stall:0.25', { kind: 'stall', ratio: 0.25 }],
    ['stall:2s', { kind: 'stall', durationUs: 2 * S }],
    ['stall:2s:0.25@10s..', { kind: 'stall', durationUs: 2 * S, ratio: 0.25, fromUs: 10 * S }],
    ['slow-body:1', { kind: 'slow-body', bytesPerS: 1 }],
    ['slow-body:1000:0.1', { kind: 'slow-body', bytesPerS: 1_000, ratio: 0.1 }],
    ['close-mid-body/100', { kind: 'close-mid-body', every: 100 }],
    ['malformed#3#7', { kind: 'malformed', numbers: [3, 7] }],
    [
      'malformed:0.5@0s..1s/2#2#4',
      { kind: 'malformed', ratio: 0.5, fromUs: 0, toUs: S, every: 2, numbers: [2, 4] },
    ],
    ['pause:1s@10s', { kind: 'pause', fromUs: 10 * S, durationUs: S }],
  ])('%s is read and written back', (text, config) => {
    const parsed = parseFault(text)
    expect(parsed).toEqual(config)
    expect(formatFault(config)).toMatch(/^[^ ]+$/)
    expect(parseFault(formatFault(config))).toEqual(config)
  })

  test('every example of the table is one', () => {
    const examples = FAULT_TABLE.flatMap(([example]) => example.split(/, | or /))
    expect(examples.length).toBeGreaterThan(FAULT_TABLE.length)
    for (const example of examples) expect(parseFault(example)).toBeTypeOf('object')
  })
})

describe('a bad fault', () => {
  test.each<[string, RegExp]>([
    ['', /^"" is no fault; faults: error:503, reset,/],
    ['explode', /is no fault/],
    ['reset:', /is no fault/],
    ['reset:2', /is not how reset is written: reset$/],
    ['reset:0.0', /is not how reset is written/],
    ['reset:1.5', /is not how reset is written/],
    ['error', /is not how error is written: error:503$/],
    ['error:404', /is not how error is written/],
    ['error:429', /is not how error is written/],
    ['error:4080', /is not how error is written/],
    ['error:0.1', /is not how error is written/],
    ['stall:5', /is not how stall is written: stall or stall:2s$/],
    ['stall:soon', /is not how stall is written/],
    ['slow-body', /is not how slow-body is written/],
    ['slow-body:0', /is not how slow-body is written/],
    ['slow-body:0.1', /is not how slow-body is written/],
    ['close-mid-body:5', /is not how close-mid-body is written/],
    [
      'stall:1s@10s',
      /"10s" is no span of time; write @10s\.\.20s, .*\(a pause of everything is pause:1s@10s\)/,
    ],
    ['reset@10..20', /is no span of time/],
    ['reset@..20s', /is no span of time/],
    ['reset@1s..2s..3s', /is no span of time/],
    ['reset@20s..10s', /ends before it begins/],
    ['reset@10s..10s', /ends before it begins/],
    ['reset/0', /every 0th/],
    ['reset#0', /numbered from 1/],
    ['reset#3+7', /is no fault/],
    ['pause:1s', /is not how pause is written: pause:1s@10s/],
    ['pause@10s', /is not how pause is written/],
    ['pause:1s@10s..20s', /is not how pause is written/],
    ['pause:1s@10s/2', /is not how pause is written/],
    ['pause:1s@10s#2', /is not how pause is written/],
    ['pause:1s:0.5@10s', /is not how pause is written/],
    ['pause:1@10', /is not how pause is written/],
  ])('%j', (text, expected) => {
    expect(parseFault(text)).toMatch(expected)
  })
})
