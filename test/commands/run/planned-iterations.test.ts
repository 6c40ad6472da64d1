import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plannedIterationCount } from '../../../src/commands/run/planned-iterations.ts'
import { enginePlan, runEngine } from '../../support/engine-run.ts'

const RATE = {
  executor: 'constant-arrival-rate',
  rate: 10,
  duration: '4s',
  preAllocatedVUs: 1,
  maxVUs: 100,
}
const RAMP = {
  executor: 'ramping-arrival-rate',
  startRate: 0,
  preAllocatedVUs: 1,
  maxVUs: 100,
  stages: [{ target: 20, duration: '4s' }],
}

function plannedOf(scenario: object, headroom: object = {}, seed = 1): number | undefined {
  const options = { scenarios: { main: scenario }, ext: { headroom } }
  return plannedIterationCount(enginePlan(options), seed)
}

describe('planned iterations', () => {
  it.each<[string, object, object, number | undefined]>([
    ['a constant rate', RATE, {}, 40],
    ['without its warm-up', RATE, { warmup: '1s' }, 30],
    ['that starts in the warm-up', { ...RATE, startTime: '2s' }, { warmup: '3s' }, 30],
    ['that starts after it', { ...RATE, startTime: '2s' }, { warmup: '1s' }, 40],
    // The area is 2.5 t²: 10 until 2 s; number 10 comes when it is exceeded, which is at 2 s and not before.
    ['a ramp', RAMP, {}, 40],
    ['a ramp without its warm-up', RAMP, { warmup: '2s' }, 30],
    ['VUs that go on', { executor: 'constant-vus', vus: 3, duration: '2s' }, {}, undefined],
    ['a number of iterations', { executor: 'per-vu-iterations', vus: 3, iterations: 4 }, {}, 12],
    ['that is shared', { executor: 'shared-iterations', vus: 3, iterations: 4 }, {}, 4],
    [
      'that a warm-up cuts into',
      { executor: 'shared-iterations', vus: 3, iterations: 4 },
      { warmup: '1s' },
      undefined,
    ],
    [
      'that begins after it',
      { executor: 'shared-iterations', vus: 3, iterations: 4, startTime: '1s' },
      { warmup: '1s' },
      4,
    ],
  ])('%s', (_story, scenario, headroom, expected) => {
    expect(plannedOf(scenario, headroom)).toBe(expected)
  })

  it('of Poisson arrivals follow from the seed', () => {
    const counts = [1, 2, 3].map((seed) => plannedOf(RATE, { arrival: { main: 'poisson' } }, seed))
    expect(new Set(counts).size).toBeGreaterThan(1)
    expect(plannedOf(RATE, { arrival: { main: 'poisson' } }, 2)).toBe(counts[1])
  })

  it('are those that the engine finds due in the measured part', async () => {
    const plans = fc.record({
      scenario: fc.constantFrom(RATE, RAMP, { ...RATE, startTime: '2s' }),
      arrival: fc.constantFrom('even', 'poisson'),
      warmupS: fc.integer({ min: 0, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(plans, async ({ scenario, arrival, warmupS }) => {
        const headroom = { warmup: `${warmupS}s`, arrival: { main: arrival } }
        const options = { scenarios: { main: scenario }, ext: { headroom } }
        const { iterations } = await runEngine({
          options,
          script: ({ http }) => ({ default: () => http.get('http://target/') }),
        })
        // The rig's seed.
        expect(plannedOf(scenario, headroom, 1)).toBe(iterations.dueCount)
      }),
      { numRuns: 24 },
    )
  })
})
