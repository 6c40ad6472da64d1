/**
 * Arrivals as the server sees them: how far each request is from its place in an even plan.
 *
 * Every client has one core and the server another, where there is `taskset`. A client does not tell when it began, so
 * its plan begins with its most punctual request. Rounds of all clients alternate, each in another order, and are pooled; what
 * counts is the distance from the bare loop, which shows what the machine itself does to a process. It runs twice in each
 * round: how far it is from itself is how far nothing can be told. What comes while the server stands still is in no figure.
 *
 * What the machine itself does now and then, such as looking after its memory, stays on the core where it was last while all are
 * busy. Which one that is would be told as a difference between clients: before each run the client's core is kept busy and the
 * server's is not, so that it begins on the server's.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ArrivalDistances } from './arrival-distances.ts'
import { ARRIVAL_PATH, SERVER_FLAGS, type ServerCommand, type ServerEvent } from './arrivals-protocol.ts'
import { isInstalled, runTimed } from './process.ts'

/** At 5,000/s it depends on where the machine does its own work, which may change within a run: that takes more rounds to even out. */
const LOADS = [
  { rate: 50, roundCount: 3 },
  { rate: 1_000, roundCount: 3 },
  { rate: 5_000, roundCount: 8 },
] as const
type Load = (typeof LOADS)[number]
/** Left out: connections are opened then, and code is compiled, as a warm-up does it. */
const SETTLING_S = 5
/** Left out of what is told of a process that is still cold: connections are opened then. */
const OPENING_S = 1
/** Long enough that some values lie beyond the 99th percentile. */
const LEAST_MEASURED_S = 8
const LEAST_ARRIVALS = 500
/** What nothing but a standstill makes of a bare loop. */
const LATE_MS = 0.5
/** Whoever runs right after a large process has ended sees up to 5 ms more: its memory is still being taken back. */
const PAUSE_S = 3
/** For what the engine costs at low rates. */
const LOW_RATES = [20, 49] as const
const SHORT_S = 6
const LONG_S = 16

const K6_SCRIPT = join(import.meta.dirname, 'arrivals.k6.ts')
/** What keeps a core busy for the pause before a run. */
const BUSY = ['node', '-e', `for (const endMs = Date.now() + ${1_000 * PAUSE_S}; Date.now() < endMs; );`]
const CLIENT_CORE = 1
const SERVER_CORE = 0

interface Client {
  readonly name: string
  /** Shows what the machine itself does: the others are held against it. */
  readonly isFloor?: true
  readonly command: (rate: number, seconds: number) => readonly string[]
}

/** Distances from the plan in all rounds. */
interface Pooled {
  readonly settled: ArrivalDistances
  /** From when the connections are open. */
  readonly cold: ArrivalDistances
}

interface RecordingServer {
  readonly url: string
  arrivalsOf(run: () => Promise<unknown>): Promise<Float64Array>
  stop(): void
}

export async function benchArrivals(print: (line: string) => void): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), 'headroom-bench-'))
  const pin = (await isInstalled('taskset')) ? pinned : notPinned
  await leaveCores(pin)
  const server = await startServer(out, pin)
  const keepBusy = (): Promise<unknown> => runTimed(pin(CLIENT_CORE, BUSY))
  try {
    const headroom = headroomClient(server.url, out, pin)
    const bare = await bareLoop(server.url, out, pin)
    const again = { ...bare, name: 'bare loop, again' }
    const clients = [bare, headroom, again, ...(await otherClients(server.url, pin))]
    const rounds = LOADS.map(({ roundCount }) => roundCount).join(', ')
    print(`Distance from the plan seen by the server, ms, p50 | p99 (${rounds} alternating rounds, pooled)`)
    for (const load of LOADS) {
      for (const line of await distanceTable(server, clients, load, keepBusy)) print(line)
    }
    for (const rate of LOW_RATES) {
      const share = await cpuShare(headroom, rate)
      print(`  headroom takes ${(100 * share).toFixed(1)} % of a core at ${rate}/s`)
    }
  } finally {
    server.stop()
    await rm(out, { recursive: true })
  }
}

async function distanceTable(
  server: RecordingServer,
  clients: readonly Client[],
  { rate, roundCount }: Load,
  keepBusy: () => Promise<unknown>,
): Promise<string[]> {
  const measuredS = Math.max(LEAST_MEASURED_S, LEAST_ARRIVALS / rate)
  const durationS = SETTLING_S + measuredS
  const pooled = clients.map((client): [Client, Pooled] => [
    client,
    { settled: new ArrivalDistances(), cold: new ArrivalDistances() },
  ])
  for (let round = 0; round < roundCount; round++) {
    for (const [client, { settled, cold }] of rotated(pooled, round)) {
      await keepBusy()
      const arrivalsMs = await server.arrivalsOf(() => run(client.command(rate, durationS)))
      settled.add(distancesMs(arrivalsMs, rate, measuredS), rate)
      cold.add(distancesMs(arrivalsMs, rate, durationS - OPENING_S), rate)
    }
  }
  const floors = pooled.filter(([{ isFloor }]) => isFloor)
  const floor = ArrivalDistances.pooled(floors.map(([, { settled }]) => settled))
  return pooled.map(([{ name }, { settled, cold }]) => {
    const { ratio, low, high } = settled.ratioTo(floor, 0.99)
    const among = `${ratio.toFixed(2)} × the bare loops (${low.toFixed(2)} to ${high.toFixed(2)})`
    return (
      `  ${`${rate}/s`.padEnd(7)} ${name.padEnd(22)} ${spread(settled)}   ` +
      `p99 is ${among}; ${lateShare(settled)}; ${unseenShare(settled)}; with the start ${spread(cold)}`
    )
  })
}

/** Each round begins with another one. */
function rotated<T>(items: readonly T[], round: number): T[] {
  const first = round % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}

function spread(distances: ArrivalDistances): string {
  return `${ms(distances.quantileMs(0.5))} | ${ms(distances.quantileMs(0.99))}`
}

/** Says more than a p99 does where hardly anything is between a tenth of a millisecond and what the machine stands still. */
function lateShare(distances: ArrivalDistances): string {
  return `${(100 * distances.shareAbove(LATE_MS)).toFixed(2)} % more than ${LATE_MS} ms`
}

function unseenShare(distances: ArrivalDistances): string {
  return `${(100 * distances.unseenShare).toFixed(2)} % not seen`
}

/** Of the requests of the last seconds: what was dropped before shifts nothing. NaN where it is not known. */
function distancesMs(arrivalsMs: Float64Array, rate: number, lastS: number): Float64Array {
  const measured = arrivalsMs.slice(-lastS * rate)
  const offsetsMs = measured.map((atMs, index) => atMs - (index * 1_000) / rate)
  const seenMs = offsetsMs.filter((offset) => !Number.isNaN(offset))
  const startMs = seenMs.reduce((least, offset) => Math.min(least, offset), Infinity)
  return offsetsMs.map((offset) => offset - startMs)
}

function ms(value: number): string {
  return value.toPrecision(2).padStart(7)
}

/** The time of a long run less that of a short one is free of start-up. */
async function cpuShare({ command }: Client, rate: number): Promise<number> {
  const short = await run(command(rate, SHORT_S))
  const long = await run(command(rate, LONG_S))
  return (long.cpuS - short.cpuS) / (LONG_S - SHORT_S)
}

/** An exit code of 3 says that the run was INVALID, which is what we look at here. */
function run(command: readonly string[]): Promise<{ readonly cpuS: number }> {
  return runTimed(['bash', '-c', '"$@" >&2 || [ $? -eq 3 ]', 'bash', ...command])
}

/** Puts a command on a core. */
type Pin = (core: number, command: readonly string[]) => readonly string[]

const pinned: Pin = (core, command) => ['taskset', '-c', String(core), ...command]
const notPinned: Pin = (_core, command) => command

/** What this process does while it waits, such as giving memory back, must not be on the core of a client. */
async function leaveCores(pin: Pin): Promise<void> {
  if (pin === pinned) await runTimed(['taskset', '-a', '-c', '-p', String(SERVER_CORE), String(process.pid)])
}

/** As plain JavaScript: what translates TypeScript would share the core with it, which tripled a 99th percentile. */
async function plainScript(name: string, out: string): Promise<string> {
  const script = join(out, `${name}.mjs`)
  const source = join(import.meta.dirname, `${name}.ts`)
  const format = { bundle: true, format: 'esm', platform: 'node' } as const
  await build({ entryPoints: [source], outfile: script, ...format, logLevel: 'error' })
  return script
}

async function bareLoop(url: string, out: string, pin: Pin): Promise<Client> {
  const script = await plainScript('arrivals-bare-client', out)
  const node = pin(CLIENT_CORE, ['node', script, url + ARRIVAL_PATH])
  const command: Client['command'] = (rate, seconds) => [...node, String(rate), String(seconds)]
  return { name: 'bare loop', isFloor: true, command }
}

function headroomClient(url: string, out: string, pin: Pin): Client {
  const node = pin(CLIENT_CORE, ['node', 'dist/src/cli.js', 'run', K6_SCRIPT, '--target', url])
  return {
    name: 'headroom',
    command: (rate, seconds) => [...node, '--quiet', '--out', out, ...k6Variables(rate, seconds)],
  }
}

async function otherClients(url: string, pin: Pin): Promise<Client[]> {
  const target = url + ARRIVAL_PATH
  const clients: Client[] = []
  const add = (name: string, command: Client['command']): void => {
    clients.push({ name, command: (rate, seconds) => pin(CLIENT_CORE, command(rate, seconds)) })
  }
  add('autocannon, rate mode', (rate, seconds) => {
    const flags = ['-c', '10', '-R', String(rate), '-d', String(seconds), '--no-progress']
    return ['node', 'node_modules/autocannon/autocannon.js', ...flags, target]
  })
  if (await isInstalled('wrk2')) {
    add('wrk2', (rate, seconds) => ['wrk2', '-t1', '-c10', `-R${rate}`, `-d${seconds}s`, target])
  }
  if (await isInstalled('k6')) {
    add('k6', (rate, seconds) => {
      const flags = ['--quiet', '-e', `TARGET=${url}`, ...k6Variables(rate, seconds)]
      return ['k6', 'run', ...flags, K6_SCRIPT]
    })
  }
  return clients
}

function k6Variables(rate: number, seconds: number): string[] {
  return ['-e', `RATE=${rate}`, '-e', `SECONDS=${seconds}`]
}

async function startServer(out: string, pin: Pin): Promise<RecordingServer> {
  const script = await plainScript('arrivals-server', out)
  const [command = '', ...args] = pin(SERVER_CORE, ['node', ...SERVER_FLAGS, script])
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const say = (what: ServerCommand): void => void child.send(what)
  const hear = async (): Promise<ServerEvent> => {
    const [event] = (await once(child, 'message')) as [ServerEvent]
    return event
  }
  const event = await hear()
  if (event.type !== 'listening') throw new Error(`the server did not start: ${event.type}`)
  return {
    url: `http://127.0.0.1:${event.port}`,
    arrivalsOf: async (whileRunning) => {
      say('begin')
      await whileRunning()
      say('report')
      const report = await hear()
      return report.type === 'arrivals' ? report.arrivalsMs : new Float64Array()
    },
    stop: () => child.kill('SIGKILL'),
  }
}
