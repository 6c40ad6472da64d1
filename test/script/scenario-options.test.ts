import { describe, expect, it } from 'vitest'
import type { OptionOverrides } from '../../src/script/option-overrides.ts'
import { faultsOf, planOf, RAMP, RATE, SHORT, VUS } from './options-fixture.ts'

const DEFAULTS = { exec: 'default', startTimeUs: 0, gracefulStopUs: 30_000_000, env: {}, tags: {} }

describe('scenarios', () => {
  it("have k6's defaults", () => {
    const { scenarios } = planOf({ scenarios: { rate: RATE, ramp: RAMP, vus: VUS } })
    const pool = { timeUnitUs: 1_000_000, arrival: 'even' }
    expect(scenarios).toEqual([
      {
        ...DEFAULTS,
        ...pool,
        name: 'rate',
        executor: 'constant-arrival-rate',
        rate: 50,
        durationUs: 60_000_000,
        preAllocatedVUs: 20,
        maxVUs: 20,
      },
      {
        ...DEFAULTS,
        ...pool,
        name: 'ramp',
        executor: 'ramping-arrival-rate',
        startRate: 0,
        stages: [{ durationUs: 10_000_000, target: 5 }],
        durationUs: 10_000_000,
        preAllocatedVUs: 1,
        maxVUs: 1,
      },
      { ...DEFAULTS, name: 'vus', executor: 'constant-vus', vus: 1, durationUs: 10_000_000 },
    ])
  })

  it("take all of k6's keys", () => {
    const common = { exec: 'rank', startTime: '5s', gracefulStop: 0, env: { A: '1' }, tags: { team: 'x' } }
    const { scenarios } = planOf({
      scenarios: {
        rate: { ...RATE, ...common, timeUnit: '1m', maxVUs: 100, duration: 1500 },
        ramp: {
          ...RAMP,
          ...common,
          startRate: 3,
          stages: [
            { duration: 0, target: 9 },
            { duration: '1m30s', target: 0 },
          ],
        },
        vus: { ...VUS, ...common, vus: 7 },
      },
    })
    const planned = {
      exec: 'rank',
      startTimeUs: 5_000_000,
      gracefulStopUs: 0,
      env: { A: '1' },
      tags: { team: 'x' },
    }
    expect(scenarios).toMatchObject([
      { ...planned, timeUnitUs: 60_000_000, maxVUs: 100, durationUs: 1_500_000 },
      {
        ...planned,
        startRate: 3,
        stages: [
          { durationUs: 0, target: 9 },
          { durationUs: 90_000_000, target: 0 },
        ],
      },
      { ...planned, vus: 7 },
    ])
  })

  const AT = 'options.scenarios.s'
  it.each<[string, object, string[]]>([
    ['rate of 0', { ...RATE, rate: 0 }, [`${AT}.rate: must be a whole number of at least 1, not 0`]],
    ['broken rate', { ...RATE, rate: 2.5 }, [`${AT}.rate: must be a whole number of at least 1, not 2.5`]],
    ['rate as text', { ...RATE, rate: '50' }, [`${AT}.rate: must be a whole number of at least 1, not "50"`]],
    ['no rate', { ...RATE, rate: undefined }, [`${AT}.rate: is required: a whole number of at least 1`]],
    [
      'short duration',
      { ...RATE, duration: '999ms' },
      [
        `${AT}.duration: must be a duration such as '30s' or a number of milliseconds of at least 1s, not "999ms"`,
      ],
    ],
    [
      'no duration at all',
      { ...VUS, duration: 'long' },
      [
        `${AT}.duration: must be a duration such as '30s' or a number of milliseconds of at least 1s, not "long"`,
      ],
    ],
    [
      'negative start time',
      { ...VUS, startTime: -1 },
      [`${AT}.startTime: must be a duration such as '30s' or a number of milliseconds, not -1`],
    ],
    [
      'time unit of 0',
      { ...RATE, timeUnit: 0 },
      [`${AT}.timeUnit: must be a duration such as '30s' or a number of milliseconds above 0, not 0`],
    ],
    ['too few VUs', { ...RATE, maxVUs: 19 }, [`${AT}.maxVUs: must be at least preAllocatedVUs (20), not 19`]],
    ['no VUs', { ...RATE, preAllocatedVUs: 0 }, [`${AT}.maxVUs: is required when preAllocatedVUs is 0`]],
    ['no stages', { ...RAMP, stages: [] }, [`${AT}.stages: must hold at least one stage`]],
    ['stages that are no list', { ...RAMP, stages: {} }, [`${AT}.stages: must be a list, not an object`]],
    [
      'stages of no length',
      { ...RAMP, stages: [{ duration: 0, target: 1 }] },
      [`${AT}.stages: must last longer than 0s in total`],
    ],
    [
      'a bad stage',
      {
        ...RAMP,
        stages: [
          { duration: '1s', target: 1 },
          { duration: '1s', traget: 2 },
        ],
      },
      [
        `${AT}.stages[1].target: is required: a whole number of at least 0`,
        `${AT}.stages[1].traget: unknown option → did you mean "target"?`,
      ],
    ],
    ['unknown key', { ...RATE, rte: 3 }, [`${AT}.rte: unknown option → did you mean "rate"?`]],
    [
      'key of another executor',
      { ...VUS, stages: [] },
      [
        `${AT}.stages: unknown option → known here: executor, startTime, gracefulStop, exec, env, tags, vus, duration`,
      ],
    ],
    [
      'wrong function',
      { ...VUS, exec: 'rnak' },
      [`${AT}.exec: the script exports no function "rnak" → did you mean "rank"?`],
    ],
    ['tags that are no texts', { ...VUS, tags: { a: 1 } }, [`${AT}.tags.a: must be a text, not 1`]],
    [
      'no executor',
      { duration: '1s' },
      [`${AT}.executor: is required → use one of constant-arrival-rate, ramping-arrival-rate, constant-vus`],
    ],
    [
      'executor that is still to come',
      { executor: 'per-vu-iterations' },
      [
        `${AT}.executor: per-vu-iterations is not supported yet → run it with k6, or use one of constant-arrival-rate, ramping-arrival-rate, constant-vus`,
      ],
    ],
    [
      'misspelt executor',
      { executor: 'constant-vu' },
      [`${AT}.executor: unknown executor "constant-vu" → did you mean "constant-vus"?`],
    ],
    [
      'several faults',
      { ...RATE, rate: -1, maxVUs: 2, exec: 'x', colour: 'red' },
      [
        `${AT}.rate: must be a whole number of at least 1, not -1`,
        `${AT}.colour: unknown option → known here: executor, startTime, gracefulStop, exec, env, tags, timeUnit, preAllocatedVUs, maxVUs, rate, duration`,
        `${AT}.exec: the script exports no function "x" → exported: default, rank, reward`,
        `${AT}.maxVUs: must be at least preAllocatedVUs (20), not 2`,
      ],
    ],
  ])('refuse: %s', (_, scenario, faults) => {
    expect(faultsOf({ scenarios: { s: scenario } })).toEqual(faults)
  })

  it('refuse a name that k6 refuses, and what is no object', () => {
    expect(faultsOf({ scenarios: { 'a b': VUS, c: 5 } })).toEqual([
      'options.scenarios["a b"]: a scenario name may hold only letters, digits, "_" and "-"',
      'options.scenarios.c: must be an object',
    ])
    expect(faultsOf({ scenarios: [] })).toEqual(['options.scenarios: must be an object'])
    expect(faultsOf({ scenarios: {} })).toEqual([
      'options.scenarios: holds no scenario → give vus and duration, or scenarios',
    ])
  })

  it('want a default function unless they say another', () => {
    expect(faultsOf({ scenarios: { a: VUS } }, {}, [])).toEqual([
      'options.scenarios.a.exec: the script exports no function "default" → export a function',
    ])
  })
})

describe('shortcuts', () => {
  it('make a scenario of constant VUs', () => {
    const expected = [
      { ...DEFAULTS, name: 'default', executor: 'constant-vus', vus: 3, durationUs: 90_000_000 },
    ]
    expect(planOf({ vus: 3, duration: '1m30s' }).scenarios).toEqual(expected)
    expect(planOf({}, { vus: 3, duration: '90s' }).scenarios).toEqual(expected)
    expect(planOf({ vus: 3 }, { duration: '90s' }).scenarios).toEqual(expected)
    expect(planOf({ duration: '90s' }, { vus: 3 }).scenarios).toEqual(expected)
    expect(planOf({ vus: 1, duration: '2s' }, { vus: 3, duration: '90s' }).scenarios).toEqual(expected)
  })

  it('have one VU by default', () => {
    expect(planOf({ duration: '1s' }).scenarios).toMatchObject([{ vus: 1 }])
  })

  it('on the command line replace the scenarios, iterations and stages of the script', () => {
    const raw = {
      scenarios: { a: { executor: 'ramping-vus' } },
      iterations: 5,
      stages: [{ duration: '1s', target: 1 }],
    }
    expect(planOf(raw, { duration: '3s' }).scenarios).toMatchObject([
      { name: 'default', durationUs: 3_000_000 },
    ])
  })

  it('leave the scenarios alone when a script gives vus beside them, as in k6', () => {
    expect(planOf({ vus: 9, scenarios: { a: VUS } }).scenarios).toMatchObject([{ name: 'a', vus: 1 }])
  })

  it.each<[string, unknown, OptionOverrides, string[]]>([
    [
      'nothing',
      undefined,
      {},
      ['options: say neither how many VUs nor how long → give vus and duration, or scenarios'],
    ],
    [
      'vus alone',
      { vus: 2 },
      {},
      ['options: say neither how many VUs nor how long → give vus and duration, or scenarios'],
    ],
    [
      'duration and scenarios',
      { duration: '1s', scenarios: { a: VUS } },
      {},
      ['options.duration: cannot be used together with scenarios → leave one of the two out'],
    ],
    [
      '--vus and scenarios',
      { scenarios: { a: VUS } },
      { vus: 2 },
      ['--vus: the script has scenarios with VUs of their own → give --duration too, to replace them'],
    ],
    [
      'iterations',
      { iterations: 5 },
      {},
      ['options.iterations: iterations is not supported yet → run it with k6'],
    ],
    ['stages', { stages: [] }, {}, ['options.stages: stages is not supported yet → run it with k6']],
    [
      '--iterations and --stage',
      {},
      { iterations: 5, stages: ['1s:2'] },
      [
        '--iterations: needs the executor shared-iterations, which is not supported yet → give --vus and --duration, or run it with k6',
        '--stage: needs the executor ramping-vus, which is not supported yet → give --vus and --duration, or run it with k6',
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
      'bad flags',
      SHORT,
      { vus: 1.5, duration: 'x', seed: -1 },
      [
        '--vus: must be a whole number of at least 1, not 1.5',
        `--duration: must be a duration such as '30s' or a number of milliseconds of at least 1s, not "x"`,
        '--seed: must be a whole number of at least 0, not -1',
      ],
    ],
  ])('refuse %s', (_, raw, overrides, faults) => {
    expect(faultsOf(raw, overrides)).toEqual(faults)
  })
})
