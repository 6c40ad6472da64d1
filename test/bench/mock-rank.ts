/**
 * How many Ranks the mock answers on one core beside a bare node:http server that gives the same reply.
 *
 * Each server is a process of its own, and rounds alternate, because machines drift. What counts is the ratio.
 */
import autocannon from 'autocannon'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import type { MockCommand, MockEvent } from '../../mock-server/ipc.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'
import type { BareReply } from './bare-server.ts'
import { isInstalled, median, runTimed } from './process.ts'

const ROUNDS = 7
const ROUND_S = 2
const CONNECTIONS = 64
const PATH = '/personalizer/v1.0/rank'
const SCRIPT = join(import.meta.dirname, 'rank.lua')
/** No limit and no latency, so that only the mock's own work counts. */
const SPEC = 'personalizer-s0,tps=none,concurrency=none,latency=0s'
const HEADERS = { 'content-type': 'application/json', 'ocp-apim-subscription-key': 'mock-key-1' }

type Load = (url: string) => Promise<number>

export async function benchMockRank(print: (line: string) => void): Promise<void> {
  const body = await rankBody()
  const mock = await startMock()
  const bare = await startBare(await replyOf(mock.url, body))
  try {
    const load = await chooseLoad(body)
    const mockRps: number[] = []
    const bareRps: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      mockRps.push(await load(mock.url))
      bareRps.push(await load(bare.url))
    }
    for (const line of report(mockRps, bareRps)) print(line)
  } finally {
    mock.child.kill('SIGKILL')
    bare.child.kill('SIGKILL')
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

/** The body that wrk sends, so that all send the same. */
async function rankBody(): Promise<string> {
  const script = await readFile(SCRIPT, 'utf8')
  return [...script.matchAll(/'([^']*)'/g)].map(([, piece]) => piece).join('')
}

async function chooseLoad(body: string): Promise<Load> {
  if (!(await isInstalled('wrk'))) return (url) => runAutocannon(url, body)
  return async (url) => {
    const flags = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${ROUND_S}s`, '-s', SCRIPT]
    const { stdout } = await runTimed(['wrk', ...flags, url])
    if (stdout.includes('Non-2xx')) throw new Error(`not every reply was a success: ${stdout}`)
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
  }
}

async function runAutocannon(url: string, body: string): Promise<number> {
  const options = {
    url,
    method: 'POST',
    headers: HEADERS,
    body,
    connections: CONNECTIONS,
    duration: ROUND_S,
  } as const
  const result = await autocannon(options)
  if (result.non2xx > 0) throw new Error(`${result.non2xx} replies were no success`)
  return result.requests.average
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
  const child = fork(join(import.meta.dirname, 'bare-server.ts'), [], { execArgv: ['--import', 'tsx'] })
  child.send(reply)
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { url: `http://127.0.0.1:${port}${PATH}`, child }
}

/** One reply of the mock, without the headers that node:http adds by itself. */
async function replyOf(url: string, requestBody: string): Promise<BareReply> {
  const call = request(url, { method: 'POST', headers: HEADERS, agent: false })
  call.end(requestBody)
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
