import { describe, expect, it } from 'vitest'
import type { HttpModule } from '../../src/script/modules/http/module.ts'
import type { Answer } from '../support/fake-transport.ts'
import { observe, runEngine, type EngineRun, type EngineRunOptions } from '../support/engine-run.ts'
import type { PlainScript } from '../support/plain-script.ts'

/** One iteration a second for 2 s. */
function run(script: PlainScript, answer: Answer, more: Partial<EngineRunOptions>): Promise<EngineRun> {
  const scenario = { executor: 'constant-arrival-rate', rate: 1, duration: '2s', preAllocatedVUs: 10 }
  return runEngine({ options: { scenarios: { s: scenario } }, script, answer, ...more })
}

describe('the tags of requests', () => {
  it('are its own, the VU’s and those of the reply', async () => {
    const tags = [
      ['name', 'rank'],
      ['method', 'POST'],
      ['status', '429'],
      ['outcome', 'throttled'],
      ['expected_response', 'false'],
      ['url', 'rank'],
      ['proto', 'HTTP/1.1'],
      ['error_code', '1429'],
      ['scenario', 's'],
      ['group', '::outer::inner'],
      ['mine', 'own'],
      ['team', 'run'],
      ['kind', 'of scenario'],
    ] as const
    const selectors = tags.map((tag) => ({ metric: 'http_reqs', tags: [tag] }))
    const scenario = {
      executor: 'constant-arrival-rate',
      rate: 1,
      duration: '1s',
      preAllocatedVUs: 1,
      tags: { kind: 'of scenario' },
    }
    const result = await run(
      ({ http, group }) => ({
        default: () =>
          group('outer', () =>
            group('inner', () =>
              http.post('http://target/rank?key=1', 'x', { tags: { name: 'rank', mine: 'own' } }),
            ),
          ),
      }),
      () => ({ status: 429 }),
      { selectors, options: { tags: { team: 'run' }, scenarios: { s: scenario } } },
    )
    const found = tags.filter((tag) => observe(result, 'http_reqs', 'count', [tag]) === 1)
    expect(found).toEqual(tags)
  })

  it('are the URL’s without a name, and tell of failures and of the connection', async () => {
    const remote = {
      address: '10.0.0.1',
      port: 443,
      tls: { version: 'tls1.3', cipher: 'TLS_AES_128_GCM_SHA256' },
    }
    const tags = [
      ['url', 'http://target/rank?key=1'],
      ['name', 'http://target/rank'],
      ['error', 'it ended in refused'],
      ['error_code', '1212'],
      ['status', '0'],
      ['ip', '10.0.0.1'],
      ['tls_version', 'tls1.3'],
    ] as const
    const result = await run(
      ({ http }) => ({
        default: async () => {
          await http.get('http://target/rank?key=1')
          await http.get('http://target/secure')
        },
      }),
      ({ path }) => (path === '/secure' ? { remote } : { error: 'refused' }),
      { selectors: tags.map((tag) => ({ metric: 'http_reqs', tags: [tag] })) },
    )
    expect(tags.filter((tag) => observe(result, 'http_reqs', 'count', [tag]) === 2)).toEqual(tags)
  })

  it('say what the script expects', async () => {
    const statuses = [200, 404, 429]
    const selectors = [['true'], ['false']].map(([value = '']) => ({
      metric: 'http_reqs',
      tags: [['expected_response', value] as const],
    }))
    const figures = async (prepare: (http: HttpModule) => void) => {
      const result = await run(
        ({ http }) => {
          prepare(http)
          return {
            default: async () => {
              for (const status of statuses) await http.get(`http://target/${status}`)
            },
          }
        },
        ({ path }) => ({ status: Number(path.slice(1)) }),
        { selectors },
      )
      const { accepted, throttled, client_error: errors } = result.all.outcomeCounts
      const [expected, unexpected] = selectors.map(({ tags }) => observe(result, 'http_reqs', 'count', tags))
      return {
        accepted,
        throttled,
        errors,
        expected,
        unexpected,
        failed: observe(result, 'http_req_failed', 'rate'),
      }
    }
    expect(await figures(() => {})).toEqual({
      accepted: 2,
      throttled: 2,
      errors: 2,
      expected: 2,
      unexpected: 4,
      failed: 4 / 6,
    })
    // What is throttled stays throttled, so that its share and the times of the others stay true.
    expect(await figures((http) => http.setResponseCallback(http.expectedStatuses(404, 429)))).toEqual({
      accepted: 2,
      throttled: 2,
      errors: 2,
      expected: 4,
      unexpected: 2,
      failed: 2 / 6,
    })
    expect(await figures((http) => http.setResponseCallback(null))).toEqual({
      accepted: 2,
      throttled: 2,
      errors: 2,
      expected: undefined,
      unexpected: undefined,
      failed: undefined,
    })
  })
})
