/**
 * CPU per request of the Rank→Reward flow at saturation, beside other clients of the same server in the same run.
 *
 * Each client runs a short and a long time; the difference is free of start-up (loading Node, bundling). Rounds of all
 * clients alternate, because machines drift; medians are printed, and what counts are the ratios.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isInstalled, median, runTimed } from './process.ts'

const ROUNDS = 3
const SHORT_S = 2
const LONG_S = 6
const CONNECTIONS = 50

interface Client {
  readonly name: string
  /** Runs for `seconds`; gives the CPU seconds it took and the requests it made. */
  readonly run: (seconds: number) => Promise<{ readonly cpuS: number; readonly requests: number }>
}

interface Cost {
  readonly cpuUs: number
  readonly rps: number
}

export async function benchCpuPerRequest(print: (line: string) => void): Promise<void> {
  const target = await startTarget()
  try {
    const clients = await clientsFor(target.url)
    const costs = new Map<string, Cost[]>(clients.map(({ name }) => [name, []]))
    for (let round = 0; round < ROUNDS; round++) {
      for (const client of clients) costs.get(client.name)?.push(await costOf(client))
    }
    for (const line of report(costs)) print(line)
  } finally {
    target.stop()
  }
}

async function costOf(client: Client): Promise<Cost> {
  const short = await client.run(SHORT_S)
  const long = await client.run(LONG_S)
  const requests = long.requests - short.requests
  return { cpuUs: ((long.cpuS - short.cpuS) / requests) * 1e6, rps: requests / (LONG_S - SHORT_S) }
}

function report(costs: ReadonlyMap<string, readonly Cost[]>): string[] {
  const medians = [...costs].map(([name, rounds]) => ({
    name,
    cpuUs: median(rounds.map(({ cpuUs }) => cpuUs)),
    rps: median(rounds.map(({ rps }) => rps)),
  }))
  const ours = medians[0]?.cpuUs ?? NaN
  return [
    `CPU per request at saturation, Rank→Reward on ${CONNECTIONS} connections (medians of ${ROUNDS} alternating rounds)`,
    ...medians.map(
      ({ name, cpuUs, rps }) =>
        `  ${name.padEnd(34)} ${cpuUs.toFixed(1).padStart(6)} µs   ${Math.round(rps).toString().padStart(6)} requests/s   ` +
        `headroom is ${(ours / cpuUs).toFixed(2)} × this`,
    ),
  ]
}

async function clientsFor(url: string): Promise<Client[]> {
  const rankUrl = `${url}/personalizer/v1.0/rank`
  const clients: Client[] = [
    { name: 'headroom (this script)', run: (seconds) => runHeadroom(url, seconds) },
    { name: 'autocannon (one static request)', run: (seconds) => runAutocannon(rankUrl, seconds) },
  ]
  if (await isInstalled('wrk'))
    clients.push({ name: 'wrk + Lua (the same flow)', run: (s) => runWrk(url, s) })
  return clients
}

async function runHeadroom(url: string, seconds: number): Promise<{ cpuS: number; requests: number }> {
  const out = await mkdtemp(join(tmpdir(), 'headroom-bench-'))
  try {
    const script = join(import.meta.dirname, 'rank-reward.k6.ts')
    const flags = ['--target', url, '-u', String(CONNECTIONS), '-d', `${seconds}s`, '--out', out, '--quiet']
    const { cpuS } = await runTimed(['node', 'dist/src/cli.js', 'run', script, ...flags])
    const log = await readFile(join(out, 'runs.csv'), 'utf8')
    const [header = '', row = ''] = log.split('\r\n')
    return { cpuS, requests: Number(row.split(',')[header.split(',').indexOf('accepted_count')]) }
  } finally {
    await rm(out, { recursive: true })
  }
}

async function runAutocannon(url: string, seconds: number): Promise<{ cpuS: number; requests: number }> {
  const body = '{"actions":[{"id":"politics","features":[{"topic":"politics"}]}]}'
  const flags = [
    '-c',
    String(CONNECTIONS),
    '-d',
    String(seconds),
    '-m',
    'POST',
    '-b',
    body,
    '--json',
    '--no-progress',
  ]
  const { cpuS, stdout } = await runTimed(['node', 'node_modules/autocannon/autocannon.js', ...flags, url])
  const result = JSON.parse(stdout) as { requests: { total: number } }
  return { cpuS, requests: result.requests.total }
}

async function runWrk(url: string, seconds: number): Promise<{ cpuS: number; requests: number }> {
  const script = join(import.meta.dirname, 'rank-reward.lua')
  const flags = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '-s', script]
  const { cpuS, stdout } = await runTimed(['wrk', ...flags, url])
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1])
  if (!(requests > 0)) throw new Error(`wrk made no requests: ${stdout}`)
  return { cpuS, requests }
}

async function startTarget(): Promise<{ url: string; stop: () => void }> {
  const child = fork(join(import.meta.dirname, 'fast-target.ts'), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (child.stdout === null) throw new Error('no output from the target')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${Number(line.toString())}`, stop: () => child.kill() }
}
