/**
 * Each scenario as it is run against a real service, `--target URL` and nothing else: the URL is that of a mock in a server of its
 * own, and the run ends after some requests. Whether its thresholds pass takes the whole run, and is for the tests in virtual time.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { headroom, temporaryFolder } from '../e2e/command.ts'
import { figure, readRun, summaryOf } from '../e2e/run-output.ts'
import { startMockOf } from './scenario-mock.ts'
import { SCENARIO_NAMES, SCENARIOS } from './scenario-run.ts'

/** How many requests the start of a run is to have, which of them there are then, and what the script is told. */
type Start = readonly [maxRequests: number, names: readonly string[], ...flags: string[]]

const STARTS: Readonly<Record<string, Start>> = {
  autoscale: [30, ['sentiment']],
  'azureml-endpoints': [200, ['score']],
  'azureml-high': [200, ['score']],
  'azureml-low': [100, ['score-in-turn']],
  chatbot: [200, ['translate', 'recognize', 'answer', 'predict', 'custom']],
  container: [30, ['sentiment-average']],
  control: [100, ['control']],
  'custom-microservice': [30, ['call']],
  'custom-question-answering': [8, ['question']],
  'direct-line-assistant': [30, ['start', 'send', 'poll']],
  language: [40, ['sentiment', 'key-phrases']],
  luis: [40, ['predict-average']],
  'personalizer-container': [200, ['rank-within']],
  'personalizer-free-tier': [16, ['rank', 'reward']],
  'personalizer-key-rotation': [60, ['rank']],
  'personalizer-rank-reward': [100, ['rank', 'reward']],
  // The generator and the mock share the machine of the test.
  'personalizer-training-throughput': [200, ['rank'], '-e', 'EVENTS_PER_S=200'],
  'personalizer-transient-5xx': [100, ['rank', 'reward']],
  'qna-maker': [45, ['question-average']],
  speech: [45, ['recognize-average']],
  'traffic-manager': [30, ['predict']],
  translator: [150, ['translate']],
  'translator-instances': [150, ['translate-peak']],
}

it('none is left out', () => {
  expect(Object.keys(STARTS).sort()).toEqual([...SCENARIO_NAMES].sort())
})

describe('against a URL', () => {
  it.each(Object.entries(STARTS))('%s', async (name, [maxRequests, names, ...flags]) => {
    const cwd = temporaryFolder()
    const out = join(cwd, 'out')
    const script = join(SCENARIOS, `${name}.ts`)
    const mock = await startMockOf(script, cwd)
    const limits = ['--target', mock.target, '--max-requests', String(maxRequests)]
    const end = await headroom(['run', script, ...limits, ...flags, '--quiet', '--out', out], { cwd })
    // 3: on a busy machine so short a run may be one that says little of its target.
    expect([0, 3, 99]).toContain(end.exitCode)
    const run = readRun(out)
    expect(run.summary.map((row) => row['name'])).toEqual(expect.arrayContaining(['_all', ...names]))
    expect(run.summary).toHaveLength(1 + names.length)
    for (const each of names) expect(figure(summaryOf(run, each), 'accepted_count')).toBeGreaterThan(0)
    const all = summaryOf(run)
    const counts = ['client_error', 'timeout', 'network_error'].map((kind) => figure(all, `${kind}_count`))
    expect(counts).toEqual([0, 0, 0])
    const sentCount = figure(all, 'sent_count')
    expect(sentCount).toBeGreaterThan(0.9 * maxRequests)
    expect(sentCount).toBeLessThanOrEqual(maxRequests)
    // A request that asks for the keys before the load begins is none of the load's.
    expect(await mock.requestCount()).toBe(maxRequests)
  })
})
