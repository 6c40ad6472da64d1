import { describe, expect, test } from 'vitest'
import { Admission, type Asked, type LimitsConfig } from '../../mock-server/admission.ts'
import type { RuleConfig, Unit } from '../../mock-server/rule.ts'

const S = 1_000_000

const rule = (name: string, limit: number, rest: Partial<RuleConfig> = {}): RuleConfig => ({
  name,
  algorithm: 'sliding-log',
  limit,
  windowUs: S,
  ...rest,
})

function ask(path = '/', costs: Partial<Record<Unit, number>> = {}, method = 'GET'): Asked {
  return { method, path, cost: (unit) => costs[unit] ?? 1 }
}

/** Takes a slot for an admitted request. @returns `passed`, or the rule that refused. */
function take(admission: Admission, asked: Asked, atUs: number, serviceUs = 0): string {
  const decision = admission.take(asked, atUs)
  if (!decision.admitted) return decision.rule
  admission.occupy(atUs, atUs + decision.delayUs + serviceUs)
  return 'passed'
}

const remaining = (admission: Admission, atUs: number): number[] =>
  admission.state(atUs).rules.map(({ remainingCount }) => remainingCount)

describe('units', () => {
  test('each rule charges what the request costs in its unit, all of them or none', () => {
    const admission = new Admission({
      rules: [rule('requests', 10), rule('characters', 100, { unit: 'characters' })],
    })
    expect(take(admission, ask('/', { characters: 60 }), 0)).toBe('passed')
    expect(take(admission, ask('/', { characters: 60 }), 0)).toBe('characters')
    expect(remaining(admission, 0)).toEqual([9, 40])
    expect(take(admission, ask('/', { characters: 40 }), 0)).toBe('passed')
  })

  test('what is larger than the limit never passes', () => {
    const admission = new Admission({ rules: [rule('characters', 100, { unit: 'characters' })] })
    expect(admission.take(ask('/', { characters: 101 }), 0)).toMatchObject({
      retryAfterUs: Infinity,
      limit: 100,
    })
  })
})

describe('patterns', () => {
  const vision: LimitsConfig = {
    rules: [
      rule('read', 2, { match: [{ method: 'POST', path: '/vision/read' }] }),
      rule('vision', 1, { match: [{ method: '*', path: '/vision/*' }] }),
      rule('default', 3, { match: [{ method: '*', path: '*' }] }),
    ],
  }

  test('only the first rule that matches applies', () => {
    const admission = new Admission(vision)
    const verdicts = [
      '/vision/read',
      '/vision/read',
      '/vision/read',
      '/vision/tag',
      '/vision/tag',
      '/face',
    ].map((path) => take(admission, ask(path, {}, 'POST'), 0))
    expect(verdicts).toEqual(['passed', 'passed', 'read', 'passed', 'vision', 'passed'])
    expect(remaining(admission, 0)).toEqual([0, 0, 2])
  })

  test('each group has a first match of its own, and rules without patterns always apply', () => {
    const rules = [
      ...vision.rules,
      rule('slow', 1, { match: [{ method: '*', path: '*' }], group: 'other' }),
      rule('all', 9),
    ]
    const admission = new Admission({ rules })
    expect(take(admission, ask('/vision/read', {}, 'POST'), 0)).toBe('passed')
    expect(take(admission, ask('/vision/tag'), 0)).toBe('slow')
    expect(remaining(admission, 0)).toEqual([1, 1, 3, 0, 8])
  })

  test('a request that no pattern fits is under no limit', () => {
    const admission = new Admission({
      rules: [rule('rank', 1, { match: [{ method: 'POST', path: '/rank' }] })],
    })
    expect(Array.from({ length: 5 }, () => take(admission, ask('/rank'), 0))).toEqual(Array(5).fill('passed'))
  })
})

describe('refused requests', () => {
  test('count where the rule says so, whoever refused them', () => {
    const rules = [rule('counts', 5, { countRefused: true, algorithm: 'fixed-window' }), rule('other', 1)]
    const admission = new Admission({ rules })
    for (let i = 0; i < 4; i++) take(admission, ask(), 0)
    expect(remaining(admission, 0)).toEqual([1, 0])
    take(admission, ask(), 0)
    expect(take(admission, ask(), 0)).toBe('counts')
  })

  test('say what kind of limit it was, and the status of the rule', () => {
    const quota = rule('month', 1, {
      isQuota: true,
      status: 403,
      windowUs: 60 * S,
      algorithm: 'fixed-window',
    })
    const admission = new Admission({ rules: [quota, rule('second', 1)], concurrency: 1 })
    expect(take(admission, ask(), 0, S)).toBe('passed')
    expect(admission.take(ask(), 10 * S)).toEqual({
      admitted: false,
      rule: 'month',
      kind: 'quota',
      limit: 1,
      status: 403,
      delayUs: 0,
      retryAfterUs: 50 * S,
    })
  })
})

describe('the queue', () => {
  const limits: LimitsConfig = {
    rules: [rule('rate', 10)],
    concurrency: 1,
    queue: { size: 2, timeoutUs: 150 },
  }
  const busy = (): Admission => {
    const admission = new Admission(limits)
    take(admission, ask(), 0, 100)
    return admission
  }

  test('holds a request back until it has a slot', () => {
    const admission = busy()
    expect(admission.take(ask(), 10)).toEqual({ admitted: true, delayUs: 90 })
    admission.occupy(10, 10 + 90 + 100)
    expect(admission.state(10)).toMatchObject({ inFlightCount: 1, waitingCount: 1, queue: limits.queue })
    expect(admission.state(100)).toMatchObject({ inFlightCount: 1, waitingCount: 0 })
  })

  test('refuses who would wait longer than the timeout, but only then and for no charge', () => {
    const admission = busy()
    expect(take(admission, ask(), 10, 100)).toBe('passed')
    expect(admission.take(ask(), 20)).toMatchObject({
      admitted: false,
      rule: 'concurrency',
      kind: 'concurrency',
      delayUs: 150,
      retryAfterUs: 30,
    })
    expect(remaining(admission, 20)).toEqual([8])
    // Both places are taken now: no waiting at all.
    expect(admission.take(ask(), 20)).toMatchObject({ admitted: false, delayUs: 0, retryAfterUs: 80 })
  })

  test('can be changed and taken away', () => {
    const admission = busy()
    admission.change({ queue: null }, 0)
    expect(take(admission, ask(), 10)).toBe('concurrency')
    admission.change({ queue: { size: 1 } }, 0)
    expect(take(admission, ask(), 10, 1_000)).toBe('passed')
    expect(admission.config).toEqual({ ...limits, queue: { size: 1 } })
  })
})

test('a leaky bucket holds requests back, and they have their slot meanwhile', () => {
  const leaky = rule('leaky', 10, { algorithm: 'leaky-bucket', burst: 5 })
  const admission = new Admission({ rules: [leaky], concurrency: 2 })
  const delays = [0, 0, 0].map((atUs) => {
    const decision = admission.take(ask(), atUs)
    if (decision.admitted) admission.occupy(atUs, atUs + decision.delayUs + 10)
    return decision.delayUs
  })
  expect(delays).toEqual([0, 100_000, 0])
  expect(admission.state(50_000)).toMatchObject({ inFlightCount: 1, inFlightPeakCount: 2 })
})

describe('standings', () => {
  test('of every limit that applies, with the time until more is there', () => {
    const rules = [rule('second', 2), rule('minute', 10, { windowUs: 60 * S, algorithm: 'fixed-window' })]
    const admission = new Admission({
      rules: [...rules, rule('x', 1, { match: [{ method: '*', path: '/x' }] })],
      concurrency: 4,
    })
    take(admission, ask(), 100_000, S)
    expect(admission.standings(ask(), 300_000)).toEqual([
      { name: 'second', unit: 'requests', limit: 2, remaining: 1, windowUs: S, moreAfterUs: 800_000 },
      {
        name: 'minute',
        unit: 'requests',
        limit: 10,
        remaining: 9,
        windowUs: 60 * S,
        moreAfterUs: 59_700_000,
      },
      {
        name: 'concurrency',
        unit: 'requests in flight',
        limit: 4,
        remaining: 3,
        windowUs: 0,
        moreAfterUs: Infinity,
      },
    ])
  })
})

describe('operations on their own', () => {
  test('each has the whole limit; what is left is what the busiest has', () => {
    const admission = new Admission({ rules: [rule('rate', 2, { perOperation: true })] })
    const as = (operation: string): Asked => ({ ...ask(), operation })
    const verdicts = ['a', 'a', 'a', 'b', 'b', 'b'].map((operation) => take(admission, as(operation), 0))
    expect(verdicts).toEqual(['passed', 'passed', 'rate', 'passed', 'passed', 'rate'])
    take(admission, as('c'), 0)
    expect(remaining(admission, 0)).toEqual([0])
    expect(admission.standings(as('c'), 0)[0]?.remaining).toBe(1)
    admission.change({ rule: { name: 'rate', limit: 3 } }, 0)
    expect(['a', 'a', 'd', 'd', 'd', 'd'].map((operation) => take(admission, as(operation), 0))).toEqual([
      'passed',
      'rate',
      'passed',
      'passed',
      'passed',
      'rate',
    ])
  })

  test('a rule that nobody has asked has all of it left', () => {
    const admission = new Admission({ rules: [rule('rate', 5, { perOperation: true })] })
    expect(remaining(admission, 0)).toEqual([5])
  })
})

describe('slots for a part of the resource', () => {
  const slots = { name: 'part', concurrency: 1 }

  test('are beside those of the resource', () => {
    const admission = new Admission({ rules: [], concurrency: 1 })
    const ofPart: Asked = { ...ask(), slots }
    admission.occupy(0, S)
    expect(admission.take(ofPart, 0).admitted).toBe(true)
    admission.occupy(0, S, slots)
    expect([admission.take(ofPart, S - 1), admission.take(ask(), S - 1)]).toMatchObject([
      { rule: 'concurrency', limit: 1 },
      { rule: 'concurrency', limit: 1 },
    ])
    expect(admission.standings(ofPart, S - 1)).toMatchObject([{ limit: 1, remaining: 0 }])
    expect(admission.state(S - 1).slots).toEqual([{ ...slots, inFlightCount: 1, inFlightPeakCount: 1 }])
    expect(admission.take(ofPart, S).admitted).toBe(true)
  })

  test('follow their cap', () => {
    const admission = new Admission({ rules: [] })
    admission.occupy(0, S, slots)
    expect(admission.take({ ...ask(), slots: { ...slots, concurrency: 2 } }, 0).admitted).toBe(true)
    expect(admission.state(0)).toMatchObject({ concurrency: null, slots: [{ concurrency: 2 }] })
  })
})
