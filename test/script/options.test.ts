import { describe, expect, it } from 'vitest'
import type { HeadroomOptions } from '../../src/script/headroom-types.ts'
import { faultsOf, planOf, RAMP, RATE, SHORT, VUS } from './options-fixture.ts'

describe('options of the run', () => {
  it('have defaults', () => {
    // What one reader fills in as a whole has tests of its own.
    const { scenarios: _, connection: _c, http: _h, rps: _r, summary: _s, ...rest } = planOf(SHORT)
    expect(rest).toEqual({
      loadEndUs: 1_000_000,
      thresholds: [],
      headroom: {
        mock: undefined,
        throttled: [],
        cap: { rps: undefined, concurrency: undefined },
        warmupUs: 0,
        clients: 1,
        connections: 'shared',
        seed: undefined,
      },
      noSetup: false,
      noTeardown: false,
      minIterationDurationUs: 0,
      setupTimeoutUs: 60_000_000,
      teardownTimeoutUs: 60_000_000,
      insecureSkipTLSVerify: false,
      userAgent: undefined,
      discardResponseBodies: false,
      tags: {},
    })
  })

  it('are taken over', () => {
    const raw = {
      ...SHORT,
      setupTimeout: '2m',
      teardownTimeout: 500,
      insecureSkipTLSVerify: true,
      userAgent: 'me/1',
      discardResponseBodies: true,
      tags: { env: 'ci', team: 'a' },
    }
    expect(planOf(raw, { tags: { team: 'b' } })).toMatchObject({
      setupTimeoutUs: 120_000_000,
      teardownTimeoutUs: 500_000,
      insecureSkipTLSVerify: true,
      userAgent: 'me/1',
      discardResponseBodies: true,
      tags: { env: 'ci', team: 'b' },
    })
  })

  it('that change nothing here are accepted', () => {
    const harmless = { summaryTrendStats: ['p(99)'], noUsageReport: true, batch: 5, cloud: { name: 'x' } }
    const off = { throw: false, hosts: null, noConnectionReuse: false, rps: undefined }
    expect(
      planOf({ ...SHORT, ...harmless, ...off, ext: { loadimpact: { projectID: 1 } } }).scenarios,
    ).toHaveLength(1)
  })

  it.each(['executionSegment', 'httpDebug', 'localIPs', 'paused', 'tlsAIAFetch', 'vusMax'])(
    'that change the traffic are refused: %s',
    (key) => {
      expect(faultsOf({ ...SHORT, [key]: 1 })).toEqual([
        `options.${key}: ${key} is not supported yet → run it with k6`,
      ])
    },
  )

  it('are checked all at once', () => {
    const raw = {
      scenarios: { a: { ...VUS, vsu: 2 } },
      scenarois: {},
      tags: [],
      setupTimeout: true,
      thresholds: { http_req_duration: ['p(95)<5', 5], 'checks{a:b}': 'rate>1' },
      ext: { headroom: { clients: 0, capp: {}, cap: { rsp: 1 } } },
    }
    expect(faultsOf(raw)).toEqual([
      'options.scenarois: unknown option → did you mean "scenarios"?',
      `options.setupTimeout: must be a duration such as '30s' or a number of milliseconds, not true`,
      'options.tags: must be an object, not a list',
      'options.scenarios.a.vsu: unknown option → did you mean "vus"?',
      'options.thresholds.http_req_duration[1]: must be an object, not 5',
      'options.thresholds["checks{a:b}"]: must be a list, not "rate>1"',
      'options.ext.headroom.cap.rsp: unknown option → did you mean "rps"?',
      'options.ext.headroom.clients: must be a whole number of at least 1, not 0',
      'options.ext.headroom.capp: unknown option → did you mean "cap"?',
    ])
  })

  it.each([5, 'text', []])('have to be an object: %j', (raw) => {
    expect(faultsOf(raw)).toHaveLength(1)
  })
})

describe('thresholds', () => {
  it('are listed one by one, with where they stand', () => {
    const raw = {
      ...SHORT,
      thresholds: {
        'http_req_duration{name:rank}': [
          'p(95)<500',
          { threshold: 'avg<9', abortOnFail: true, delayAbortEval: '10s' },
        ],
      },
      ext: { headroom: { thresholds: { http_req_throttled: ['rate<0.01'] } } },
    }
    const none = { abortOnFail: false, delayAbortEvalUs: 0 }
    const metric = 'http_req_duration{name:rank}'
    const where = 'options.thresholds'
    expect(planOf(raw).thresholds).toEqual([
      { metric, expression: 'p(95)<500', ...none, where },
      { metric, expression: 'avg<9', abortOnFail: true, delayAbortEvalUs: 10_000_000, where },
      {
        metric: 'http_req_throttled',
        expression: 'rate<0.01',
        ...none,
        where: 'options.ext.headroom.thresholds',
      },
    ])
  })
})

describe('ext.headroom', () => {
  function withHeadroom(headroom: unknown, scenarios: unknown = { a: RATE, b: RAMP, c: VUS }): unknown {
    return { scenarios, ext: { headroom } }
  }

  it('is taken over', () => {
    const headroom: HeadroomOptions = {
      mock: 'personalizer-s0,tps=50',
      throttled: [503],
      cap: { rps: 12.5, concurrency: 4 },
      arrival: { a: 'poisson' },
      warmup: '10s',
      clients: 3,
      connections: 'per-vu',
      seed: 0,
    }
    const plan = planOf(withHeadroom(headroom))
    expect(plan.headroom).toEqual({
      mock: 'personalizer-s0,tps=50',
      throttled: [503],
      cap: { rps: 12.5, concurrency: 4 },
      warmupUs: 10_000_000,
      clients: 3,
      connections: 'per-vu',
      seed: 0,
    })
    expect(plan.scenarios).toMatchObject([
      { arrival: 'poisson' },
      { arrival: 'even' },
      { executor: 'constant-vus' },
    ])
  })

  it('gives way to the seed of the command line', () => {
    expect(planOf(withHeadroom({ seed: 4 }), { seed: 9 }).headroom.seed).toBe(9)
  })

  const AT = 'options.ext.headroom'
  it.each<[string, unknown, string[]]>([
    ['a text', 'x', [`${AT}: must be an object, not "x"`]],
    [
      'a status that is none',
      { throttled: [42] },
      [`${AT}.throttled[0]: must be a whole number from 100 to 599, not 42`],
    ],
    ['a cap of 0', { cap: { rps: 0 } }, [`${AT}.cap.rps: must be a number above 0, not 0`]],
    ['a broken second of warm-up', { warmup: 1500 }, [`${AT}.warmup: must be whole seconds`]],
    [
      'a warm-up as long as the load',
      { warmup: '1m' },
      [`${AT}.warmup: leaves nothing to measure: the load ends after 1m`],
    ],
    [
      'another distribution',
      { arrival: { a: 'bursty' } },
      [`${AT}.arrival.a: must be 'even' or 'poisson', not "bursty"`],
    ],
    [
      'arrivals of a closed scenario',
      { arrival: { c: 'even', aa: 'even' } },
      [
        `${AT}.arrival.c: no scenario of this name has an arrival rate → name one whose executor is constant- or ramping-arrival-rate`,
        `${AT}.arrival.aa: no scenario of this name has an arrival rate → did you mean "a"?`,
      ],
    ],
    [
      'other connections',
      { connections: 'none' },
      [`${AT}.connections: must be 'shared' or 'per-vu', not "none"`],
    ],
    [
      'an unknown key',
      { warmUp: 1, colour: 2 },
      [
        `${AT}.warmUp: unknown option → did you mean "warmup"?`,
        expect.stringContaining(`${AT}.colour: unknown option → known here: mock, throttled`),
      ],
    ],
  ])('is refused: %s', (_, headroom, faults) => {
    expect(faultsOf(withHeadroom(headroom))).toEqual(faults)
  })
})
