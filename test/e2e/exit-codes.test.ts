/** How a run ends: thresholds, the verdict on the instrument, limits on requests, and what wins when several apply. */
import { describe, expect, it } from 'vitest'
import { expectToAddUp, figure, readRun, summaryOf } from './run-output.ts'
import { EVEN_LOAD, runScript, type ScriptParts } from './script.ts'

const HALF_THROTTLED: ScriptParts = { mock: 'custom,tps=10' }
const FAILING = { thresholds: { http_req_throttled: ['rate<0.1'] } }
/** A single VU that is busy nearly always. */
const TOO_FEW_VUS = {
  mock: 'custom,latency=400ms',
  scenario: { ...EVEN_LOAD, preAllocatedVUs: 1, maxVUs: 1 },
}

describe('exit codes', () => {
  it('0 when thresholds pass', async () => {
    const script = { ...HALF_THROTTLED, headroom: { thresholds: { http_req_throttled: ['rate<0.6'] } } }
    const run = await runScript(script, '--virtual')
    expect(run.exitCode).toBe(0)
    const [threshold = {}] = readRun(run.out).thresholds
    expect(threshold).toMatchObject({ observed: '0.5', result: 'pass', aborted: 'false' })
  })

  it('99 when one fails', async () => {
    const run = await runScript({ ...HALF_THROTTLED, headroom: FAILING }, '--virtual')
    expect(run.exitCode).toBe(99)
    const files = readRun(run.out)
    expect(files.thresholds).toMatchObject([
      { metric: 'http_req_throttled', result: 'fail', aborted: 'false' },
    ])
    expect(files.manifest.exitCode).toBe(99)
    expect(files.runs).toMatchObject([{ exit_code: '99' }])
  })

  it('3 when the generator could not keep the plan, and the summary says which number to raise', async () => {
    const run = await runScript(TOO_FEW_VUS, '--virtual')
    expect(run.exitCode).toBe(3)
    expect(summaryOf(readRun(run.out))['verdict']).toBe('INVALID')
    expect(run.stderr).toContain('Raise maxVUs of the scenario.')
  })

  it('3 rather than 99, because thresholds on spoiled figures say nothing', async () => {
    const script = { ...TOO_FEW_VUS, headroom: { thresholds: { http_req_response_time: ['max<1'] } } }
    const run = await runScript(script, '--virtual')
    expect(run.exitCode).toBe(3)
    expect(readRun(run.out).thresholds).toMatchObject([{ result: 'fail' }])
  })

  it('107 rather than 3 or 99', async () => {
    const body = "JSON.stringify({ toJSON: () => http.get(__ENV.TARGET + '/').status })"
    const run = await runScript({ ...TOO_FEW_VUS, body, headroom: FAILING }, '--virtual')
    expect(run.exitCode).toBe(107)
  })
})

describe('abortOnFail', () => {
  const abort = (delayAbortEval: string): ScriptParts => ({
    ...HALF_THROTTLED,
    scenario: { ...EVEN_LOAD, duration: '60s' },
    headroom: {
      thresholds: {
        http_req_throttled: [{ threshold: 'rate<0.3', abortOnFail: true, delayAbortEval }],
      },
    },
  })

  it.each([
    ['0s', 1],
    ['5s', 5],
  ])('after a delay of %s ends the run at second %i, the same each time', async (delay, seconds) => {
    const run = await runScript(abort(delay), '--virtual')
    expect(run.exitCode).toBe(99)
    const files = readRun(run.out)
    expect(files.thresholds).toMatchObject([{ result: 'fail', aborted: 'true' }])
    expect(figure(summaryOf(files), 'duration_s')).toBe(seconds)
    // The arrival of the very moment in which the run ends may still begin.
    expect(figure(summaryOf(files), 'sent_count') - 20 * seconds).toBeLessThanOrEqual(1)
    expectToAddUp(files)
    expect(run.stderr).toContain('ended the run early')
  })
})

describe('--max-requests', () => {
  it.each([1, 7, 30])('sends exactly %i, by the mock’s own count', async (count) => {
    const run = await runScript({ mock: 'custom' }, '--virtual', '--max-requests', String(count))
    expect(run.exitCode).toBe(0)
    const files = readRun(run.out)
    expect(files.manifest.mock?.counters.resources[0]?.operations).toMatchObject({
      request: { requestCount: count },
    })
    expect(figure(summaryOf(files), 'sent_count')).toBe(count)
    expectToAddUp(files)
  })

  it('counts the requests of set-up, too', async () => {
    const module = "export function setup() { http.get(__ENV.TARGET + '/'); http.get(__ENV.TARGET + '/') }"
    const run = await runScript({ mock: 'custom', module }, '--virtual', '--max-requests', '5')
    const files = readRun(run.out)
    expect(files.manifest.mock?.counters.resources[0]?.operations).toMatchObject({
      request: { requestCount: 5 },
    })
    expect(figure(summaryOf(files), 'sent_count')).toBe(3)
  })
})

describe('--quiet', () => {
  it('prints the path of the run on stdout and nothing else', async () => {
    const run = await runScript({ mock: 'custom', body: 'console.log("noise")' }, '--virtual', '--quiet')
    expect(run.stderr).toBe('')
    expect(run.stdout).toMatch(/^out\/\d{8}T\d{6}Z-script-[0-9a-f]{7}\/\n$/)
  })
})

describe('the load flags of k6', () => {
  it('replace the scenarios of the script', async () => {
    const run = await runScript(
      { mock: 'custom,latency=100ms' },
      '--virtual',
      '--vus',
      '3',
      '--duration',
      '2s',
    )
    const files = readRun(run.out)
    expect(figure(summaryOf(files), 'sent_count')).toBe(60)
    expect(figure(summaryOf(files), 'inflight_max_count')).toBe(3)
  })
})
