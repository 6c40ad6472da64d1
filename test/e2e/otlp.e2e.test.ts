/** Live metrics at a receiver of OTLP over HTTP. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { listening } from './target.ts'
import { expectToAddUp, figure, readRun, summaryOf } from './run-output.ts'
import { runScript, type ScriptParts } from './script.ts'

/** What is used here of OTLP's JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
interface Push {
  readonly resourceMetrics: readonly [
    {
      readonly resource: { readonly attributes: readonly KeyValue[] }
      readonly scopeMetrics: readonly [{ readonly metrics: readonly Metric[] }]
    },
  ]
}

interface KeyValue {
  readonly key: string
  readonly value: { readonly stringValue: string }
}

interface Metric {
  readonly name: string
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly Point[] }
  readonly gauge?: { readonly dataPoints: readonly Point[] }
  readonly histogram?: { readonly dataPoints: readonly Point[] }
}

interface Point {
  readonly attributes: readonly KeyValue[]
  readonly asInt?: number
  readonly asDouble?: number
  readonly count?: number
  readonly sum?: number
  readonly bucketCounts?: readonly number[]
}

class Receiver {
  readonly pushes: Push[] = []
  readonly paths: (string | undefined)[] = []
  readonly headers: IncomingHttpHeaders[] = []
  text = ''
  url = ''

  static async start(
    answer: (response: ServerResponse) => void = (response) => response.end('{}'),
  ): Promise<Receiver> {
    const receiver = new Receiver()
    const server = createServer((request, response) => {
      void receiver.#take(request).then(() => answer(response))
    })
    receiver.url = `http://127.0.0.1:${await listening(server)}`
    return receiver
  }

  async #take(request: IncomingMessage): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    this.paths.push(request.url)
    this.headers.push(request.headers)
    this.text += body
    this.pushes.push(JSON.parse(body) as Push)
  }

  /** Data points of the last push. */
  points(name: string): readonly Point[] {
    const metrics = this.pushes.at(-1)?.resourceMetrics[0].scopeMetrics[0].metrics ?? []
    const metric = metrics.find((each) => each.name === name)
    if (metric === undefined) throw new Error(`${name} was not pushed`)
    return (metric.sum ?? metric.gauge ?? metric.histogram)?.dataPoints ?? []
  }

  /** The sum over data points that have all these attributes. */
  total(name: string, wanted: Readonly<Record<string, string>>, of: (point: Point) => number): number {
    const points = this.points(name).filter(({ attributes }) => {
      const given = fieldsOf(attributes)
      return Object.entries(wanted).every(([key, value]) => given[key] === value)
    })
    return points.reduce((sum, point) => sum + of(point), 0)
  }
}

function fieldsOf(attributes: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]))
}

const SCRIPT: ScriptParts = {
  mock: 'custom,tps=20,latency=10ms',
  headroom: { warmup: '1s' },
  scenario: { executor: 'constant-arrival-rate', rate: 30, duration: '3s', preAllocatedVUs: 50 },
  body: `
    http.get(\`\${__ENV.TARGET}/\`, { tags: { name: __ITER % 2 === 0 ? 'even' : 'odd' } })
    http.get(\`\${__ENV.TARGET}/\${__ENV.KEY}\`)`,
}

const COUNTS = [
  ['offered', 'offered'],
  ['retries', 'retry'],
  ['sent', 'sent'],
  ['accepted', 'accepted'],
  ['throttled', 'throttled'],
  ['client_error', 'client_error'],
  ['server_error', 'server_error'],
  ['timeout', 'timeout'],
  ['network_error', 'network_error'],
  ['aborted', 'aborted'],
] as const

describe('--otlp', () => {
  it('what arrives adds up to summary.csv', async () => {
    const receiver = await Receiver.start()
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-tenant=night')
    const run = await runScript(SCRIPT, '--otlp', receiver.url, '-e', 'KEY=topsecret')
    vi.unstubAllEnvs()
    expect([0, 3]).toContain(run.exitCode)
    expect(run.stderr).not.toContain('--otlp')
    const files = readRun(run.out)
    expectToAddUp(files)

    // A second each, and the last one.
    expect(receiver.pushes.length).toBeGreaterThanOrEqual(3)
    expect(new Set(receiver.paths)).toEqual(new Set(['/v1/metrics']))
    expect(receiver.headers[0]).toMatchObject({ 'x-tenant': 'night' })
    expect(receiver.text).not.toContain('topsecret')

    const rows = files.summary.filter((row) => row['name'] !== '_all')
    expect(rows).toHaveLength(3)
    for (const row of rows) {
      const name = row['name'] ?? ''
      for (const [kind, column] of COUNTS) {
        const wanted = { name, phase: 'measure' }
        const pushed = receiver.total(`headroom.requests.${kind}`, wanted, ({ asInt = 0 }) => asInt)
        expect({ name, kind, count: pushed }).toEqual({ name, kind, count: figure(row, `${column}_count`) })
      }
      const accepted = { name, phase: 'measure', outcome: 'accepted' }
      const count = receiver.total('headroom.response_time', accepted, (point) => point.count ?? 0)
      const buckets = receiver.total('headroom.response_time', accepted, ({ bucketCounts = [] }) =>
        bucketCounts.reduce((sum, each) => sum + each, 0),
      )
      expect([count, buckets]).toEqual([figure(row, 'accepted_count'), figure(row, 'accepted_count')])
      const sumS = receiver.total('headroom.response_time', accepted, ({ sum = 0 }) => sum)
      const meanMs = figure(row, 'response_time_accepted_mean_ms')
      expect((sumS * 1_000) / count).toBeCloseTo(meanMs, 2)
    }

    const all = summaryOf(files)
    const due = receiver.total('headroom.iterations.due', { phase: 'measure' }, ({ asInt = 0 }) => asInt)
    expect(due).toBe(figure(all, 'iterations_due_count'))
    const verdicts = ['VALID', 'SUSPECT', 'INVALID']
    expect(verdicts[receiver.points('headroom.verdict')[0]?.asDouble ?? -1]).toBe(all['verdict'])
    expect(receiver.points('headroom.cap')[0]?.asDouble).toBe(20)
    expect(receiver.points('headroom.in_flight')[0]?.asDouble).toBe(0)

    const attributes = receiver.pushes.map((push) => fieldsOf(push.resourceMetrics[0].resource.attributes))
    const identity = { 'service.name': 'headroom', run_id: all['run_id'], scenario: 'script' }
    for (const each of attributes) expect(each).toMatchObject(identity)
  })

  it('a receiver that is not there is one warning and a count at the end, and no fault of the run', async () => {
    const run = await runScript({ mock: 'custom' }, '--otlp', 'http://127.0.0.1:1')
    expect([0, 3]).toContain(run.exitCode)
    const lines = run.stderr.split('\n').filter((line) => line.includes('--otlp'))
    expect(lines).toEqual([
      expect.stringMatching(/^warning: --otlp: .*ECONNREFUSED/),
      expect.stringMatching(/^warning: --otlp: (\d+) of \1 pushes did not arrive/),
    ])
    expectToAddUp(readRun(run.out))
  })

  it('a receiver that refuses, or never answers, keeps nobody waiting for long', async () => {
    const refusing = await Receiver.start((response) => response.writeHead(401).end())
    const silent = await Receiver.start(() => {})
    for (const { url } of [refusing, silent]) {
      const startMs = performance.now()
      const run = await runScript({ mock: 'custom' }, '--otlp', url)
      expect(performance.now() - startMs).toBeLessThan(12_000)
      expect([0, 3]).toContain(run.exitCode)
      expect(run.stderr).toMatch(/pushes did not arrive/)
    }
  })

  it('a URL that is none is a fault before the run', async () => {
    const run = await runScript({ mock: 'custom' }, '--otlp', 'localhost:4318')
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).toContain('--otlp: is no http or https URL')
  })
})
