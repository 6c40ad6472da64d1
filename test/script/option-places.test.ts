import { describe, expect, it } from 'vitest'
import { OPTION_FLAGS } from '../../src/script/option-sources.ts'
import { faultsOf, planOf, RATE, SHORT, validate, VUS, type Elsewhere } from './options-fixture.ts'

const stages = [{ duration: '10s', target: 5 }]

describe('options of several places', () => {
  const CONFIG = { vus: 1, userAgent: 'config', duration: '1s', noSetup: true }
  const SCRIPT = { vus: 2, userAgent: 'script', duration: '2s' }
  const VARIABLES = { K6_VUS: '3', K6_USER_AGENT: 'variable', K6_DURATION: '3s' }
  const FLAGS = { vus: ['4'], userAgent: ['flag'], duration: ['4s'] }

  it.each<[string, unknown, Elsewhere, [vus: number, userAgent: string, seconds: number]]>([
    ['the file alone', {}, { config: CONFIG }, [1, 'config', 1]],
    ['the script above the file', SCRIPT, { config: CONFIG }, [2, 'script', 2]],
    ['variables above the script', SCRIPT, { config: CONFIG, variables: VARIABLES }, [3, 'variable', 3]],
    ['flags above all', SCRIPT, { config: CONFIG, variables: VARIABLES, flags: FLAGS }, [4, 'flag', 4]],
    ['each option by itself', SCRIPT, { flags: { vus: ['9'] } }, [9, 'script', 2]],
  ])('%s', (_, raw, elsewhere, [vus, userAgent, seconds]) => {
    const plan = planOf(raw, elsewhere)
    expect(plan).toMatchObject({ userAgent, noSetup: elsewhere.config !== undefined })
    expect(plan.scenarios).toMatchObject([{ vus, durationUs: seconds * 1_000_000 }])
  })

  it('leave null and empty variables to the place below', () => {
    const below = { config: { userAgent: 'config' }, variables: { K6_USER_AGENT: '' } }
    expect(planOf({ ...SHORT, userAgent: null }, below).userAgent).toBe('config')
  })

  const everything = { scenarios: { a: RATE }, ext: { headroom: { arrival: { a: 'poisson' } } } }

  it.each<[string, unknown, Elsewhere, string]>([
    ['a duration on scenarios', { scenarios: { a: VUS } }, { flags: { duration: ['3s'] } }, 'constant-vus'],
    ['iterations on a duration', SHORT, { flags: { iterations: ['7'] } }, 'shared-iterations'],
    ['stages on iterations', { iterations: 5 }, { variables: { K6_STAGES: '1s:2' } }, 'ramping-vus'],
    [
      "the script's scenarios on a file's stages",
      { scenarios: { a: RATE } },
      { config: { stages } },
      'constant-arrival-rate',
    ],
    [
      'a duration on iterations and stages',
      { stages, iterations: 4 },
      { flags: { duration: ['3s'] } },
      'constant-vus',
    ],
    [
      'an empty list of stages on scenarios',
      { stages: [] },
      { config: { scenarios: { a: VUS } } },
      'per-vu-iterations',
    ],
  ])('what is executed is replaced as a whole: %s', (_, raw, elsewhere, executor) => {
    expect(planOf(raw, elsewhere).scenarios).toMatchObject([{ executor }])
  })

  it('keep what belongs to no scenario any more from being silent', () => {
    expect(faultsOf(everything, { flags: { duration: ['3s'] } })).toEqual([
      expect.stringContaining('options.ext.headroom.arrival.a: no scenario of this name has an arrival rate'),
    ])
  })

  it('put tags side by side', () => {
    const script = { ...SHORT, tags: { team: 'a', env: 'ci' } }
    expect(planOf(script, { tags: { team: 'b', build: '7' } }).tags).toEqual({
      team: 'b',
      env: 'ci',
      build: '7',
    })
  })

  it('tell faults by the place: path, variable or flag', () => {
    const raw = { ...SHORT, tags: { a: 1 }, setupTimeout: 'x' }
    const config = { teardownTimeout: 'x', colour: 1, thresholds: { checks: ['rate>0.9', 5] } }
    const variables = { K6_THROW: 'perhaps', K6_HTTP_DEBUG: 'full' }
    expect(
      faultsOf(raw, { config, variables, tags: { b: 'c' }, flags: { minIterationDuration: ['soon'] } }),
    ).toEqual([
      expect.stringMatching(/^k6\.json: colour: unknown option/),
      'K6_HTTP_DEBUG: httpDebug is not supported yet → run it with k6',
      expect.stringMatching(/^--min-iteration-duration: must be a duration .* not "soon"$/),
      expect.stringMatching(/^options\.setupTimeout: must be a duration/),
      expect.stringMatching(/^k6\.json: teardownTimeout: must be a duration/),
      'K6_THROW: must be true or false, not "perhaps"',
      'options.tags.a: must be a text, not 1',
      'k6.json: thresholds.checks[1]: must be an object, not 5',
    ])
  })

  it('tell faults of stages by the place', () => {
    expect(faultsOf({}, { flags: { stages: ['1s:2', '3s:x,5s'] } })).toEqual([
      '--stage[1].target: must be a whole number of at least 0, not "x"',
      '--stage[2].target: is required: a whole number of at least 0',
    ])
  })

  it('say where a threshold stands', () => {
    const { thresholds } = planOf(SHORT, { config: { thresholds: { checks: ['rate>0.9'] } } })
    expect(validate(SHORT, { config: { thresholds: { checks: ['rate>0.9'] } } }).thresholds).toMatchObject([
      { metric: 'checks', where: 'k6.json: thresholds' },
    ])
    expect(thresholds).toHaveLength(1)
  })
})

describe('options as text', () => {
  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    ['numbers', { K6_ITERATIONS: '12', K6_BATCH: '0' }, { iterations: 12, batch: 0 }],
    [
      'truth',
      { K6_NO_SETUP: 'true', K6_NO_TEARDOWN: '0', K6_THROW: 'T' },
      { noSetup: true, noTeardown: false, throw: true },
    ],
    ['texts', { K6_USER_AGENT: 'a, b', K6_SETUP_TIMEOUT: '2m' }, { userAgent: 'a, b', setupTimeout: '2m' }],
    [
      'lists',
      { K6_BLOCK_HOSTNAMES: '*.a.example, b.example' },
      { blockHostnames: ['*.a.example', 'b.example'] },
    ],
    [
      'lists with brackets',
      { K6_SUMMARY_TREND_STATS: 'avg,p(99.9)' },
      { summaryTrendStats: ['avg', 'p(99.9)'] },
    ],
    [
      'stages',
      { K6_STAGES: '30s:10, 1m:0' },
      {
        stages: [
          { duration: '30s', target: 10 },
          { duration: '1m', target: 0 },
        ],
      },
    ],
    ['settings', { K6_DNS: 'ttl=0,select=first' }, { dns: { ttl: '0', select: 'first' } }],
  ])('%s', (_, variables, options) => {
    expect(validate({}, { variables }).options).toEqual(options)
  })

  it('are the same as flags, where each may be repeated', () => {
    const flags = {
      blockHostnames: ['a.example', 'b.example'],
      stages: ['1s:1', '2s:2,3s:3'],
      throw: true,
    } as const
    expect(validate({}, { flags }).options).toEqual({
      blockHostnames: ['a.example', 'b.example'],
      stages: [
        { duration: '1s', target: 1 },
        { duration: '2s', target: 2 },
        { duration: '3s', target: 3 },
      ],
      throw: true,
    })
  })

  it('have each flag once', () => {
    const names = OPTION_FLAGS.flatMap(({ flags }) => flags.match(/(?<!\w)--?[\w-]+/g) ?? [])
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('the options that a script can read', () => {
  it('are those of all places, with scenarios for shortcuts and null for what nobody said', () => {
    const { json } = validate({ userAgent: 'me' }, { flags: { iterations: ['4'], vus: ['2'] } })
    expect(JSON.parse(json)).toMatchObject({
      userAgent: 'me',
      iterations: 4,
      vus: 2,
      duration: null,
      paused: null,
      scenarios: { default: { executor: 'shared-iterations', vus: 2, iterations: 4 } },
    })
  })

  it('have to be JSON', () => {
    const ring: Record<string, unknown> = {}
    ring['ring'] = ring
    expect(faultsOf({ ...SHORT, ext: ring })).toEqual([
      expect.stringContaining('options: cannot be written as JSON: Converting circular structure'),
    ])
  })
})
