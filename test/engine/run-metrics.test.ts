import { describe, expect, it } from 'vitest'
import type { MetricSelector } from '../../src/measure/metric-types.ts'
import { observe, runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

const MS = 1_000

function run(script: PlainScript, more: Partial<EngineRunOptions> = {}): Promise<EngineRun> {
  const scenario = { executor: 'constant-arrival-rate', rate: 2, duration: '1s', preAllocatedVUs: 1 }
  return runEngine({ options: { tags: { team: 'a' }, scenarios: { s: scenario } }, script, ...more })
}

function trends(...metrics: string[]): MetricSelector[] {
  return metrics.map((metric) => ({ metric, tags: [] }))
}

describe('metrics of iterations', () => {
  it('count iterations and how long they took, failed ones too', async () => {
    const result = await run(
      ({ sleep, iteration }) => ({
        default: async () => {
          await sleep(iteration() === 0 ? 0.1 : 0.3)
          throw new Error('in the end')
        },
      }),
      { selectors: trends('iteration_duration', 'schedule_delay') },
    )
    expect(observe(result, 'iterations')).toBe(2)
    expect(observe(result, 'iteration_duration', 'min')).toBe(100)
    expect(observe(result, 'iteration_duration', 'max')).toBe(300)
    expect(observe(result, 'schedule_delay', 'max')).toBe(0)
  })

  it('count what was dropped, with the tags of scenario and run', async () => {
    const tags: MetricSelector['tags'][] = [[], [['scenario', 's']], [['team', 'a']], [['team', 'b']]]
    const selectors = tags.map((each) => ({ metric: 'dropped_iterations', tags: each }))
    const result = await run(({ sleep }) => ({ default: () => sleep(0.9) }), { selectors })
    const counts = tags.map((each) => observe(result, 'dropped_iterations', 'count', each))
    expect(counts).toEqual([1, 1, 1, undefined])
  })
})

describe('groups', () => {
  it('are timed whole, each under its own path, also when they fail', async () => {
    const paths = ['::a', '::a::b', '::c']
    const selectors = paths.map((path) => ({
      metric: 'group_duration',
      tags: [['group', path]] as const,
    }))
    const result = await run(
      ({ group, sleep, fail }) => ({
        default: async () => {
          await group('a', async () => {
            await sleep(0.01)
            await group('b', () => sleep(0.02))
          })
          await group('c', async () => {
            await sleep(0.03)
            fail('in c')
          })
        },
      }),
      { selectors },
    )
    const longest = paths.map((path) => observe(result, 'group_duration', 'max', [['group', path]]))
    expect(longest).toEqual([30, 20, 30])
    expect(result.last.progress.exceptionCount).toBe(2)
  })

  it('do not outlive their iteration', async () => {
    const selectors = [{ metric: 'http_reqs', tags: [['group', '']] as const }]
    const result = await run(
      ({ http, group, fail, iteration }) => ({
        default: async () => {
          if (iteration() === 0) await group('a', () => fail('out of it'))
          await http.get('http://target/')
        },
      }),
      { selectors },
    )
    expect(observe(result, 'http_reqs', 'count', [['group', '']])).toBe(1)
  })

  it('that nobody waited for are none of the next iteration', async () => {
    const selectors = ['::new', '::old', '::old::new'].flatMap((path) => [
      { metric: 'http_reqs', tags: [['group', path]] as const },
      { metric: 'group_duration', tags: [['group', path]] as const },
    ])
    let endOld: (() => void) | undefined
    const result = await run(
      ({ http, group, iteration }) => ({
        default: async () => {
          if (iteration() === 0) {
            void group('old', () => new Promise<void>((resolve) => void (endOld = resolve)))
            return
          }
          await group('new', async () => {
            endOld?.()
            await http.get('http://target/')
            await http.get('http://target/')
          })
        },
      }),
      { selectors },
    )
    expect(observe(result, 'http_reqs', 'count', [['group', '::new']])).toBe(2)
    expect(observe(result, 'group_duration', 'max', [['group', '::new']])).toBe(20)
    expect(observe(result, 'group_duration', 'max', [['group', '::old']])).toBeUndefined()
    expect(observe(result, 'group_duration', 'max', [['group', '::old::new']])).toBeUndefined()
  })
})

describe('checks and metrics of the script', () => {
  it('are counted with their tags', async () => {
    const selectors: MetricSelector[] = [
      { metric: 'checks', tags: [['check', 'is odd']] },
      { metric: 'orders', tags: [['tier', 'gold']] },
      { metric: 'orders', tags: [['team', 'a']] },
      { metric: 'orders', tags: [['group', '::shop']] },
    ]
    const result = await run(
      ({ Counter, Trend, Rate, Gauge, check, group, iteration }) => {
        const orders = new Counter('orders')
        const wait = new Trend('wait', true)
        const hits = new Rate('hits')
        const level = new Gauge('level')
        return {
          default: async () => {
            check(iteration(), { 'is odd': (n: unknown) => Number(n) % 2 === 1, 'is whole': true })
            orders.add(1)
            await group('shop', () => orders.add(2, { tier: 'gold' }))
            wait.add(10 * (iteration() + 1))
            hits.add(iteration() === 0)
            level.add(iteration() + 5)
          },
        }
      },
      { selectors },
    )
    expect(result.checks).toEqual([
      { name: 'is odd', passes: 1, fails: 1 },
      { name: 'is whole', passes: 2, fails: 0 },
    ])
    expect(observe(result, 'checks', 'rate', [['check', 'is odd']])).toBe(0.5)
    expect(observe(result, 'orders')).toBe(6)
    expect(observe(result, 'orders', 'count', [['tier', 'gold']])).toBe(4)
    expect(observe(result, 'orders', 'count', [['team', 'a']])).toBe(6)
    expect(observe(result, 'orders', 'count', [['group', '::shop']])).toBe(4)
    expect(observe(result, 'wait', 'avg')).toBeCloseTo(15, 1)
    expect(observe(result, 'hits', 'rate')).toBe(0.5)
    expect(observe(result, 'level', 'value')).toBe(6)
  })

  it('that break a rule of the registry are exceptions of loading', async () => {
    const make = (kind: 'Counter' | 'Trend', name: string): Promise<EngineRun> =>
      run((kit) => {
        const metric = new kit[kind](name)
        return { default: () => metric.add(1) }
      })
    await expect(make('Counter', 'http_reqs')).rejects.toThrow('metric "http_reqs" is built in')
    await expect(make('Trend', 'two words')).rejects.toThrow('"two words" is no name for a metric')
  })

  it('are warned about once, whatever the VU', async () => {
    const scenario = { executor: 'constant-vus', vus: 20, duration: '1s' }
    const result = await run(
      ({ Trend, sleep }) => {
        const wait = new Trend('wait')
        return {
          default: async () => {
            wait.add(Number.NaN)
            await sleep(0.25)
          },
        }
      },
      { options: { scenarios: { s: scenario } } },
    )
    expect(result.log).toEqual(['warn: the metric wait was given NaN, which it cannot count: left out'])
    expect(observe(result, 'wait', 'avg')).toBeUndefined()
  })
})

describe('options of requests', () => {
  const ask: PlainScript = ({ http, check }) => ({
    default: async () => {
      const { body } = await http.get('http://target/')
      check(body, { 'there is a body': body !== null })
    },
  })
  const scenarios = { s: { executor: 'constant-arrival-rate', rate: 1, duration: '1s', preAllocatedVUs: 1 } }
  const agentOf = ({ seen }: EngineRun): string | undefined =>
    seen[0]?.request.headers.find(([name]) => name === 'User-Agent')?.[1]

  it('are those of the plan', async () => {
    const plain = await run(ask, { options: { scenarios } })
    expect(agentOf(plain)).toBe('headroom/test')
    expect(plain.checks).toEqual([{ name: 'there is a body', passes: 1, fails: 0 }])
    const options = { scenarios, userAgent: 'mine/1', discardResponseBodies: true }
    const changed = await run(ask, { options })
    expect(agentOf(changed)).toBe('mine/1')
    expect(changed.checks).toEqual([{ name: 'there is a body', passes: 0, fails: 1 }])
  })

  it('the warm-up is in no figure', async () => {
    const scenario = { executor: 'constant-arrival-rate', rate: 2, duration: '3s', preAllocatedVUs: 1 }
    const options = { scenarios: { s: scenario }, ext: { headroom: { warmup: '2s' } } }
    const result = await run(ask, { options, answer: () => ({ afterUs: 100 * MS }) })
    expect(result.seen).toHaveLength(6)
    expect(result.all.sentCount).toBe(2)
    expect(observe(result, 'http_reqs')).toBe(2)
    expect(result.checks).toEqual([{ name: 'there is a body', passes: 2, fails: 0 }])
  })
})
