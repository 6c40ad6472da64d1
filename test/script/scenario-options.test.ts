import { describe, expect, it } from 'vitest'
import { DEFAULTS, faultsOf, planOf, RAMP, RATE, VUS } from './options-fixture.ts'

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

  it("of VUs and of iterations have k6's defaults", () => {
    const { scenarios, loadEndUs } = planOf({
      scenarios: {
        ramp: { executor: 'ramping-vus', stages: [{ duration: '10s', target: 5 }] },
        shared: { executor: 'shared-iterations' },
        each: { executor: 'per-vu-iterations', startTime: '5s' },
      },
    })
    const once = { ...DEFAULTS, vus: 1, iterations: 1, durationUs: 600_000_000 }
    expect(scenarios).toEqual([
      {
        ...DEFAULTS,
        name: 'ramp',
        executor: 'ramping-vus',
        startVUs: 1,
        stages: [{ durationUs: 10_000_000, target: 5 }],
        durationUs: 10_000_000,
        gracefulRampDownUs: 30_000_000,
      },
      { ...once, name: 'shared', executor: 'shared-iterations' },
      { ...once, name: 'each', executor: 'per-vu-iterations', startTimeUs: 5_000_000 },
    ])
    expect(loadEndUs).toBe(605_000_000)
  })

  it('of VUs and of iterations take all of their keys', () => {
    const stages = [{ duration: '1s', target: 0 }]
    expect(
      planOf({
        scenarios: {
          ramp: { executor: 'ramping-vus', startVUs: 2, stages, gracefulRampDown: 0, gracefulStop: '1s' },
          shared: { executor: 'shared-iterations', vus: 3, iterations: 7, maxDuration: '20s' },
          each: { executor: 'per-vu-iterations', vus: 3, iterations: 2, maxDuration: 1000 },
        },
      }).scenarios,
    ).toMatchObject([
      { startVUs: 2, gracefulRampDownUs: 0, gracefulStopUs: 1_000_000 },
      { vus: 3, iterations: 7, durationUs: 20_000_000 },
      { vus: 3, iterations: 2, durationUs: 1_000_000 },
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
      'ramp without any VU',
      { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '1s', target: 0 }] },
      [`${AT}: plans no VU at all: startVUs or a target must be above 0`],
    ],
    [
      'fewer shared iterations than VUs',
      { executor: 'shared-iterations', vus: 3, iterations: 2 },
      [`${AT}.iterations: must be at least as many as there are VUs, or some have nothing to do`],
    ],
    [
      'several faults of iterations',
      { executor: 'per-vu-iterations', vus: 0, iterations: 0, maxDuration: '10ms', duration: '1s' },
      [
        `${AT}.vus: must be a whole number of at least 1, not 0`,
        `${AT}.iterations: must be a whole number of at least 1, not 0`,
        `${AT}.maxDuration: must be a duration such as '30s' or a number of milliseconds of at least 1s, not "10ms"`,
        `${AT}.duration: unknown option → known here: executor, startTime, gracefulStop, exec, env, tags, vus, iterations, maxDuration`,
      ],
    ],
    [
      'no executor',
      { duration: '1s' },
      [
        `${AT}.executor: is required → use one of constant-arrival-rate, ramping-arrival-rate, constant-vus, ramping-vus, shared-iterations, per-vu-iterations`,
      ],
    ],
    [
      'executor that k6 has given up',
      { executor: 'externally-controlled' },
      [
        `${AT}.executor: is no executor of k6 any more → use one of constant-arrival-rate, ramping-arrival-rate, constant-vus, ramping-vus, shared-iterations, per-vu-iterations`,
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
  })

  it('want a default function unless they say another', () => {
    expect(faultsOf({ scenarios: { a: VUS } }, {}, [])).toEqual([
      'options.scenarios.a.exec: the script exports no function "default" → export a function',
    ])
  })
})
