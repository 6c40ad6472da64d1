/** The files of a run add up, whatever became of its requests and iterations. */
import { describe, expect, it } from 'vitest'
import { countsOf, expectToAddUp, figure, readRun, summaryOf } from './run-output.ts'
import { EVEN_LOAD, RANK_REWARD, runScript, type ScriptParts } from './script.ts'

/** Each with the counts of `_all` that its story gives: 20 arrivals a second for two seconds unless it says otherwise. */
const STORIES: readonly (readonly [string, ScriptParts, Record<string, number>])[] = [
  [
    'all accepted',
    { mock: 'custom,latency=20ms' },
    { offered_count: 40, sent_count: 40, accepted_count: 40, iterations_due_count: 40 },
  ],
  [
    'half throttled',
    { mock: 'custom,tps=10' },
    {
      offered_count: 40,
      sent_count: 40,
      accepted_count: 20,
      throttled_count: 20,
      iterations_due_count: 40,
    },
  ],
  [
    'refused with 503, an error here',
    { mock: 'custom,tps=10,status=503' },
    {
      offered_count: 40,
      sent_count: 40,
      accepted_count: 20,
      server_error_count: 20,
      iterations_due_count: 40,
    },
  ],
  [
    'refused with 503, named as throttling',
    { mock: 'custom,tps=10,status=503', headroom: { throttled: [503] } },
    {
      offered_count: 40,
      sent_count: 40,
      accepted_count: 20,
      throttled_count: 20,
      iterations_due_count: 40,
    },
  ],
  [
    'every request times out',
    { mock: 'custom,latency=20ms', body: "http.get(__ENV.TARGET + '/', { timeout: '5ms' })" },
    { offered_count: 40, sent_count: 40, timeout_count: 40, iterations_due_count: 40 },
  ],
  [
    // One VU, busy for 300 ms: of the arrivals every 50 ms, the 1st, the 7th, … find it free, the 40th as the last.
    'dropped iterations',
    { mock: 'custom,latency=290ms', scenario: { ...EVEN_LOAD, preAllocatedVUs: 1, maxVUs: 1 } },
    {
      offered_count: 7,
      sent_count: 7,
      accepted_count: 7,
      iterations_due_count: 40,
      iterations_dropped_count: 33,
    },
  ],
  [
    // Nobody waits for the replies to the six arrivals of the last 300 ms.
    'requests cut off at the end',
    { mock: 'custom,latency=310ms', scenario: { ...EVEN_LOAD, gracefulStop: '0s' } },
    {
      offered_count: 40,
      sent_count: 40,
      accepted_count: 34,
      aborted_count: 6,
      iterations_due_count: 40,
    },
  ],
  [
    'a warm-up of one second',
    { mock: 'custom,latency=20ms', headroom: { warmup: '1s' } },
    { offered_count: 20, sent_count: 20, accepted_count: 20, iterations_due_count: 20 },
  ],
  [
    'wrong keys',
    { mock: 'personalizer-s0', body: "http.post(__ENV.TARGET + '/personalizer/v1.0/rank', '{}')" },
    { offered_count: 40, sent_count: 40, client_error_count: 40, iterations_due_count: 40 },
  ],
  [
    'a host that is not there',
    { mock: 'custom', body: "http.get('http://elsewhere.invalid/')" },
    { offered_count: 40, sent_count: 40, network_error_count: 40, iterations_due_count: 40 },
  ],
  [
    // Of ten first attempts in a second the first ten calls get through; the 429s are tried again, which are refused, too.
    'retries',
    {
      mock: 'custom,tps=10',
      body: `
        const url = __ENV.TARGET + '/a'
        const first = http.get(url, { tags: { name: 'a', attempt: '1' } })
        if (first.status === 429) http.get(url, { tags: { name: 'a', attempt: '2' } })`,
    },
    {
      offered_count: 40,
      retry_count: 20,
      sent_count: 60,
      accepted_count: 20,
      throttled_count: 40,
      iterations_due_count: 40,
    },
  ],
  ['nothing sent at all', { mock: 'custom', body: 'sleep(0.1)' }, { iterations_due_count: 40 }],
]

describe('in virtual time', () => {
  it.each(STORIES)('%s', async (_story, script, counts) => {
    const run = await runScript(script, '--virtual', '--quiet')
    const files = readRun(run.out)
    expectToAddUp(files)
    const all = summaryOf(files)
    expect(countsOf(all)).toEqual(counts)
    expect(figure(all, 'offered_count') + figure(all, 'retry_count')).toBe(figure(all, 'sent_count'))
  })

  it('several names, several scenarios, exceptions and a warm-up together', async () => {
    const { module, body } = RANK_REWARD
    const run = await runScript(
      {
        mock: 'personalizer-s0,tps=40,concurrency=3,latency=lognormal:20ms:80ms',
        module: `${module}\nexport function probe() { if (__ITER % 3 === 0) throw new Error('third'); sleep(0.1); http.get(__ENV.TARGET + '/x', { timeout: '1ms' }) }`,
        ...(body !== undefined && { body }),
        headroom: { warmup: '2s' },
        options: {
          scenarios: {
            main: { ...EVEN_LOAD, rate: 60, duration: '6s' },
            late: { executor: 'constant-vus', vus: 2, duration: '3s', startTime: '1s', exec: 'probe' },
          },
        },
      },
      '--virtual',
    )
    expect(run.stderr).toContain('third')
    const files = readRun(run.out)
    expectToAddUp(files)
    expect(files.summary.map((row) => row['name'] ?? '').sort()).toEqual([
      '_all',
      'http://mock.invalid/x',
      'rank',
      'reward',
    ])
    expect(figure(summaryOf(files, 'reward'), 'throttled_count')).toBeGreaterThan(0)
  })

  it('more names than are kept apart', async () => {
    const body = 'http.get(`${__ENV.TARGET}/${__VU}/${__ITER}`)'
    const scenario = { ...EVEN_LOAD, rate: 150 }
    const run = await runScript({ mock: 'custom,tps=100', scenario, body }, '--virtual')
    const files = readRun(run.out)
    expectToAddUp(files)
    expect(files.summary).toHaveLength(202)
    expect(figure(summaryOf(files, '_other'), 'sent_count')).toBe(100)
    expect(run.stderr).toContain('set tags.name')
  })
})
