import { describe, expect, test } from 'vitest'
import { capOf } from '../../mock-server/cap.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'
import { formatFault } from '../../src/core/errors.ts'
import { configOf, resourceOfSpec } from './requests.ts'

describe('a good spec', () => {
  test('a profile alone gives its own limits', () => {
    expect(resourceOfSpec('personalizer-s0')).toEqual({
      name: 'main',
      service: { kind: 'personalizer', tier: 'S0', keys: ['mock-key-1', 'mock-key-2'] },
      rules: [{ name: 'rate', algorithm: 'sliding-log', limit: 50, windowUs: 1_000_000 }],
      concurrency: 100,
      latency: { kind: 'lognormal', medianUs: 20_000, p99Us: 80_000 },
    })
  })

  test('every key changes what it names', () => {
    const spec =
      'personalizer-s0,tps=70,concurrency=64,latency=20ms,algorithm=token-bucket,burst=90,p99=100ms'
    expect(resourceOfSpec(spec)).toMatchObject({
      rules: [{ name: 'rate', algorithm: 'token-bucket', limit: 70, windowUs: 1_000_000, burst: 90 }],
      concurrency: 64,
      latency: { kind: 'lognormal', medianUs: 20_000, p99Us: 100_000 },
    })
  })

  test('the custom service chooses its refusals', () => {
    expect(resourceOfSpec('custom, tps=5 , status=503')).toEqual({
      name: 'main',
      service: { kind: 'custom', refusalStatus: 503 },
      rules: [{ name: 'rate', algorithm: 'sliding-log', limit: 5, windowUs: 1_000_000 }],
      latency: { kind: 'fixed', us: 0 },
    })
  })

  test('none takes a limit away', () => {
    const resource = resourceOfSpec('personalizer-s0,tps=none,concurrency=none')
    expect(resource.rules).toEqual([])
    expect(resource).not.toHaveProperty('concurrency')
  })

  test('p99 alone spreads the latency of the profile', () => {
    expect(resourceOfSpec('personalizer-s0,p99=30ms').latency).toEqual({
      kind: 'lognormal',
      medianUs: 20_000,
      p99Us: 30_000,
    })
  })

  test('burst alone suits a profile made a bucket, not one with a window', () => {
    expect(parseMockSpec('personalizer-s0,burst=9').faults.map(({ where }) => where)).toEqual(['mock.burst'])
    expect(resourceOfSpec('personalizer-s0,algorithm=token-bucket,burst=9').rules[0]).toMatchObject({
      burst: 9,
    })
  })
})

describe('a bad spec', () => {
  test.each<[string, string[]]>([
    ['custom,tps', ['mock.tps: has no value; write tps=VALUE']],
    ['custom,tps=1,tps=2', ['mock.tps: is given twice']],
    ['custom,tps=0', ['mock.tps: "0" is no whole number from 1 to 1000000000']],
    ['custom,tps=2.5', ['mock.tps: "2.5" is no whole number from 1 to 1000000000']],
    ['custom,concurrency=-1', ['mock.concurrency: "-1" is no whole number from 1 to 1000000000']],
    [
      'custom,tps=1,algorithm=bucket',
      [
        'mock.algorithm: "bucket" is none of sliding-log, sliding-counter, fixed-window, first-hit-window, token-bucket, gcra, leaky-bucket',
      ],
    ],
    ['custom,algorithm=token-bucket', ['mock.algorithm: needs a rate limit; add tps=…']],
    [
      'custom,tps=1,burst=5',
      ['mock.burst: a sliding-log has no burst; token-bucket, gcra, leaky-bucket have'],
    ],
    ['custom,status=500', ['mock.status: "500" is none of 403, 429, 503']],
    ['personalizer-s0,status=503', ['mock.status: is only for the profile custom']],
    ['custom,p99=soon', ['mock.p99: "soon" is no duration of at most 1h, such as 80ms']],
    ['custom,latency=80ms,p99=20ms', ['mock.p99: p99 20ms is below the median 80ms']],
    ['custom,latency=uniform:1ms:2ms,p99=3ms', ['mock.p99: a uniform latency has no p99 to set']],
  ])('%j', (spec, faults) => {
    const parsed = parseMockSpec(spec)
    expect(parsed.faults.map(formatFault)).toEqual(faults)
    expect(parsed.config).toBeUndefined()
  })

  test.each(['', 'luis'])('%j is no profile; there are many', (name) => {
    const [fault] = parseMockSpec(name).faults
    expect(fault).toMatchObject({ where: 'mock', what: `unknown profile "${name}"` })
    expect(fault?.todo).toMatch(/^profiles: personalizer-s0, .*luis-s0, .*custom$/)
  })

  test('an unknown key is told every key with what may stand in it', () => {
    const [fault] = parseMockSpec('custom,rate=5').faults
    expect(fault).toMatchObject({ where: 'mock', what: 'unknown key "rate"' })
    const keys = fault?.todo?.split('\n    ') ?? []
    expect(keys.shift()).toBe('known keys:')
    expect(keys).toEqual(
      expect.arrayContaining(['tps=N|none', 'quota=N/PERIOD|none', 'latency=MODEL', 'status=403|429|503']),
    )
    // Every one of them is known to the parser, which takes none of these values for all of them.
    for (const key of keys) {
      const [name] = key.split('=')
      expect(parseMockSpec(`custom,${name}=?`).faults[0]?.where).toBe(`mock.${name}`)
    }
  })

  test('says all that is wrong at once, under the name it was given', () => {
    const { faults } = parseMockSpec('luis,tps=x,colour=red,latency=now', '--target')
    expect(faults.map(({ where }) => where)).toEqual([
      '--target',
      '--target.tps',
      '--target',
      '--target.latency',
    ])
  })
})

describe('the cap', () => {
  test.each<[string, ReturnType<typeof capOf>]>([
    ['personalizer-s0', { rps: 50, concurrency: 100 }],
    ['custom', {}],
    ['custom,concurrency=4', { concurrency: 4 }],
    ['custom,tps=10,algorithm=token-bucket,burst=50', { rps: 10 }],
    ['language-f0', { rps: 5 }],
    ['luis-f0', { rps: 5 }],
    ['translator-s1', {}],
    ['vision-s1', {}],
  ])('of %s', (spec, cap) => {
    expect(capOf(configOf(spec))).toEqual(cap)
  })
})
