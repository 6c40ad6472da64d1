/** What a concurrency cap does to random arrivals is known: the tool, the mock and the formula have to agree. */
import { describe, expect, it } from 'vitest'
import { expectToAddUp, figure, readRun, summaryOf } from './run-output.ts'
import { runScript, type ScriptParts } from './script.ts'

const EXIT_INVALID = 3

// Erlang-B for 20 slots at an offered load of 20: 400 calls a second that take 50 ms each lose 15.89 %.
const LOSS_RATIO = 0.1589

const SCRIPT: ScriptParts = {
  mock: 'azureml-high-20,latency=50ms',
  body: `
    const url = \`\${__ENV.TARGET}/workspaces/w/services/s/execute?api-version=2.0\`
    const body = '{"Inputs":{"input1":[{"x":"1"}]},"GlobalParameters":{}}'
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer mock-key-1' }
    http.post(url, body, { headers, tags: { name: 'score' } })`,
  scenario: {
    executor: 'constant-arrival-rate',
    rate: 400,
    duration: '12s',
    preAllocatedVUs: 50,
    maxVUs: 500,
  },
  headroom: { arrival: { main: 'poisson' }, throttled: [503] },
}

/** Share of 503, after the client's counts have been found to be those of the mock. */
async function lossOf(...flags: readonly string[]): Promise<{ exitCode: number; lossRatio: number }> {
  const run = await runScript(SCRIPT, ...flags)
  const files = readRun(run.out)
  expectToAddUp(files)
  const score = summaryOf(files, 'score')
  const [sent, accepted, throttled] = ['sent_count', 'accepted_count', 'throttled_count'].map((column) =>
    figure(score, column),
  ) as [number, number, number]
  expect(sent).toBeGreaterThan(4_500)
  expect(files.manifest.mock?.counters.resources[0]?.operations['score']).toMatchObject({
    requestCount: sent,
    admittedCount: accepted,
    refusedCounts: { concurrency: throttled },
    statusCounts: { 200: accepted, 503: throttled },
  })
  return { exitCode: run.exitCode, lossRatio: throttled / sent }
}

describe('Poisson traffic at exactly the capacity of azureml-high-20', () => {
  it('loses what Erlang-B says in virtual time', async () => {
    const { exitCode, lossRatio } = await lossOf('--virtual')
    expect(exitCode).toBe(0)
    expect(Math.abs(lossRatio - LOSS_RATIO)).toBeLessThan(0.02)
  })

  it('loses the same over sockets, unless the run finds itself spoilt by a busy machine', async () => {
    const { exitCode, lossRatio } = await lossOf()
    if (exitCode === EXIT_INVALID) return
    expect(exitCode).toBe(0)
    expect(Math.abs(lossRatio - LOSS_RATIO)).toBeLessThan(0.02)
  })
})
