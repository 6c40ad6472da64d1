/**
 * How many Ranks the mock answers on one core beside a bare node:http server that gives the same reply.
 *
 * Each server is a process of its own, and rounds alternate, because machines drift. What counts is the ratio.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import type { MockCommand, MockEvent } from '../../mock-server/ipc.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'
import type { BareReply } from './bare-server.ts'
import { median } from './process.ts'
import type { RankRound, RankRoundEnd } from './rank-client.ts'

const ROUNDS = 9
const ROUND_MS = 1_500
const CONNECTIONS = 64
const PATH = '/personalizer/v1.0/rank'
/** No limit and no latency, so that only the mock's own work counts. */
const SPEC = 'personalizer-s0,tps=none,concurrency=none,latency=0s'
const HEADERS = { 'content-type': 'application/json', 'ocp-apim-subscription-key': 'mock-key-1' }
const BODY = JSON.stringify({
  contextFeatures: [{ timeOfDay: 'noon' }, { device: 'mobile' }],
  actions: ['politics', 'sports', 'music', 'science'].map((topic) => ({ id: topic, features: [{ topic }] })),
})

export async function benchMockRank(print: (line: string) => void): Promise<void> {
  const mock = await startMock()
  const bare = await startBare(await replyOf(mock.url))
  const client = forkScript('rank-client.ts')
  try {
    const mockRps: number[] = []
    const bareRps: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      mockRps.push(await load(client, mock.url))
      bareRps.push(await load(client, bare.url))
    }
    for (const line of report(mockRps, bareRps)) print(line)
  } finally {
    for (const child of [client, mock.child, bare.child]) child.kill('SIGKILL')
  }
}

function report(mockRps: readonly number[], bareRps: readonly number[]): string[] {
  const ratios = mockRps.map((rps, round) => rps / bareRps[round]!)
  const line = (name: string, rps: readonly number[]): string =>
    `  ${name.padEnd(34)} ${Math.round(median(rps)).toString().padStart(6)} requests/s`
  return [
    `Rank on one core, ${CONNECTIONS} connections (medians of ${ROUNDS} alternating rounds)`,
    line('mock', mockRps),
    line('node:http with the same reply', bareRps),
    `  the mock is ${median(ratios).toFixed(2)} × node:http`,
  ]
}

async function load(client: ChildProcess, url: string): Promise<number> {
  const round: RankRound = {
    url,
    headers: HEADERS,
    body: BODY,
    connectionCount: CONNECTIONS,
    durationMs: ROUND_MS,
  }
  client.send(round)
  const [{ requestsPerS, failureCount }] = (await once(client, 'message')) as [RankRoundEnd]
  if (failureCount > 0) throw new Error(`${failureCount} answers of ${url} were no success`)
  return requestsPerS
}

function forkScript(name: string): ChildProcess {
  return fork(join(import.meta.dirname, name), [], { execArgv: ['--import', 'tsx'] })
}

async function startMock(): Promise<{ url: string; child: ChildProcess }> {
  const { config } = parseMockSpec(SPEC)
  if (config === undefined) throw new Error(`no mock: ${SPEC}`)
  const child = fork(join(import.meta.dirname, '../../dist/mock-server/main.js'), [], { execArgv: [] })
  const command: MockCommand = { type: 'start', config, seed: 1, host: '127.0.0.1', port: 0 }
  child.send(command)
  const [event] = (await once(child, 'message')) as [MockEvent]
  if (event.type !== 'listening') throw new Error(JSON.stringify(event))
  return { url: event.url + PATH, child }
}

async function startBare(reply: BareReply): Promise<{ url: string; child: ChildProcess }> {
  const child = forkScript('bare-server.ts')
  child.send(reply)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { url: `http://127.0.0.1:${port}${PATH}`, child }
}

/** One reply of the mock, without the headers that node:http adds by itself. */
async function replyOf(url: string): Promise<BareReply> {
  const call = request(url, { method: 'POST', headers: HEADERS, agent: false })
  call.end(BODY)
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  const pairs = Object.entries(response.headers).filter(
    ([name]) => !['date', 'connection', 'keep-alive'].includes(name),
  )
  return {
    status: response.statusCode ?? 0,
    headers: pairs.flatMap(([name, value]) => [name, String(value)]),
    body,
  }
}
