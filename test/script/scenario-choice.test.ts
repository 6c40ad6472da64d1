import { describe, expect, it } from 'vitest'
import { DEFAULTS, faultsOf, planOf, SHORT, validate, VUS, type Elsewhere } from './options-fixture.ts'

describe('shortcuts', () => {
  const constant = { ...DEFAULTS, name: 'default', executor: 'constant-vus', vus: 3, durationUs: 90_000_000 }
  const stages = [{ duration: '10s', target: 5 }]

  it('make a scenario of constant VUs', () => {
    expect(planOf({ vus: 3, duration: '1m30s' }).scenarios).toEqual([constant])
    expect(planOf({ duration: '1s' }).scenarios).toMatchObject([{ vus: 1 }])
  })

  it('make a ramp of VUs', () => {
    const ramp = { name: 'default', executor: 'ramping-vus', durationUs: 10_000_000 }
    expect(planOf({ stages }).scenarios).toMatchObject([{ ...ramp, startVUs: 1 }])
    expect(planOf({ vus: 4, stages }).scenarios).toMatchObject([{ ...ramp, startVUs: 4 }])
  })

  it('make shared iterations, for as long as duration says', () => {
    const shared = { name: 'default', executor: 'shared-iterations', iterations: 20 }
    expect(planOf({ iterations: 20 }).scenarios).toMatchObject([
      { ...shared, vus: 1, durationUs: 600_000_000 },
    ])
    expect(planOf({ iterations: 20, vus: 5, duration: '1m' }).scenarios).toMatchObject([
      { ...shared, vus: 5, durationUs: 60_000_000 },
    ])
  })

  it('make one iteration of nothing', () => {
    const once = [{ name: 'default', executor: 'per-vu-iterations', vus: 1, iterations: 1 }]
    for (const raw of [undefined, null, {}, { vus: 1 }, { stages: null }]) {
      const { plan, warnings } = validate(raw)
      expect(plan?.scenarios).toMatchObject(once)
      expect(warnings).toEqual([])
    }
  })

  it.each<[unknown, Elsewhere, string]>([
    [{ vus: 9 }, {}, 'options.vus is ignored'],
    [{}, { flags: { vus: ['9'] } }, '--vus is ignored'],
    [{ stages: [] }, {}, 'options.stages is empty'],
    [{ scenarios: {} }, {}, 'options.scenarios is empty'],
  ])('make one iteration, and say so, of %j and %j', (raw, elsewhere, warning) => {
    const { plan, warnings } = validate(raw, elsewhere)
    expect(plan?.scenarios).toMatchObject([{ executor: 'per-vu-iterations', iterations: 1 }])
    expect(warnings).toEqual([expect.stringContaining(warning)])
  })

  it('leave the scenarios alone when a script gives vus beside them, as in k6', () => {
    const { plan, warnings } = validate({ vus: 9, scenarios: { a: VUS } })
    expect(plan?.scenarios).toMatchObject([{ name: 'a', vus: 1 }])
    expect(warnings).toEqual([])
  })

  it.each<[string, unknown, Elsewhere, string[]]>([
    [
      'several that contradict each other',
      { iterations: 5, duration: '10s', stages, scenarios: { a: VUS } },
      {},
      [
        'options.stages: cannot be used together with options.iterations → leave one of the two out',
        'options.scenarios: cannot be used together with options.iterations → leave one of the two out',
      ],
    ],
    [
      'several of the command line',
      {},
      { flags: { duration: ['10s'], stages: ['1s:2'] } },
      ['--stage: cannot be used together with --duration → leave one of the two out'],
    ],
    [
      'duration and scenarios',
      { duration: '1s', scenarios: { a: VUS } },
      {},
      ['options.scenarios: cannot be used together with options.duration → leave one of the two out'],
    ],
    [
      '--vus and scenarios',
      { scenarios: { a: VUS } },
      { flags: { vus: ['2'] } },
      [
        '--vus: the script has scenarios with VUs of their own → give a duration or iterations too, to replace them',
      ],
    ],
    [
      'bad values in the script',
      { vus: 0, duration: '10ms' },
      {},
      [
        'options.vus: must be a whole number of at least 1, not 0',
        `options.duration: must be a duration such as '30s' or a number of milliseconds of at least 1s, not "10ms"`,
      ],
    ],
    [
      'bad iterations',
      { iterations: 2, vus: 3, duration: '10ms' },
      {},
      [
        `options.duration: must be a duration such as '30s' or a number of milliseconds of at least 1s, not "10ms"`,
      ],
    ],
    [
      'bad stages',
      { vus: -1, stages: [{ target: 1 }] },
      {},
      [
        `options.stages[0].duration: is required: a duration such as '30s' or a number of milliseconds`,
        'options.vus: must be a whole number of at least 0, not -1',
      ],
    ],
    [
      'bad flags',
      SHORT,
      { flags: { vus: ['1.5'], duration: ['x'] }, seed: -1 },
      [
        '--vus: must be a whole number of at least 1, not 1.5',
        `--duration: must be a duration such as '30s' or a number of milliseconds of at least 1s, not "x"`,
        '--seed: must be a whole number of at least 0, not -1',
      ],
    ],
  ])('refuse %s', (_, raw, elsewhere, faults) => {
    expect(faultsOf(raw, elsewhere).toSorted()).toEqual(faults.toSorted())
  })

  it('want a default function', () => {
    expect(faultsOf(SHORT, {}, ['rank'])).toEqual([
      'options: the script exports no function "default" → exported: rank',
    ])
  })
})
