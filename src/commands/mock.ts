import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { parseMockConfig } from '../../mock-server/config-schema.ts'
import type { MockConfig } from '../../mock-server/config.ts'
import { listProfiles, type ProfileRow } from '../../mock-server/profiles/catalog.ts'
import { startMockServer, type MockServer, type MockServerOptions } from '../../mock-server/server.ts'
import { parseMockSpec } from '../../mock-server/spec.ts'
import { EXIT, UserError, type ExitCode } from '../core/errors.ts'
import { portNumber, positiveNumber, wholeNumber } from './flags.ts'
import type { Io } from './io.ts'
import type { Finish } from './program.ts'
import { mockReference } from './mock-help.ts'
import { renderTable } from './table.ts'

const DEFAULT_PORT = 8429

const HELP = `
A profile may be followed by settings (below). Every reply says what the real service says.

The admin API, which is neither counted nor limited:
  GET /__mock/state            the mock's own account: limits in force, what it admitted and refused
  GET /__mock/decisions        the latest decisions, oldest first
  GET /__mock/times?skip=N     exact percentiles of the latest decisions, the first N left out
  PATCH /__mock/limits         changes limits while it runs (below), from the next request on
  POST /__mock/keys            {"key":1} or {"key":2}, with "resource" where there are several: a new key
  POST /__mock/reset           begins anew with the limits in force: counts, charges, what services keep, keys
  POST /__mock/advance         {"duration":"1h"}: skips time

A file describes resources with more than one limit, or several resources (served at /r/NAME/ then):
  {"resources":[{"name":"east","profile":"personalizer-s0","concurrency":64,"latency":"lognormal:20ms:80ms",
    "rules":[{"name":"second","limit":50,"window":"1s"},{"name":"minute","limit":2000,"window":"1m"}]}]}

Examples:
  headroom mock                                              personalizer-s0 on port ${DEFAULT_PORT}
  headroom mock personalizer-s0,tps=20,latency=lognormal:20ms:80ms
  headroom mock custom,concurrency=4,status=503,latency=50ms --port 9000
  headroom mock personalizer-s0,fault=error:503:0.01+pause:1s@10s
  headroom mock --config mock.json
  headroom mock --list

${mockReference()}`

interface Flags {
  port: number
  host: string
  config?: string
  seed: number
  list?: boolean
  adminToken?: string
  timeScale: number
  tls?: boolean
  tlsKey?: string
  tlsCert?: string
}

/** `headroom mock [PROFILE]`. */
export function mockCommand(io: Io, finish: Finish): Command {
  return new Command('mock')
    .description('run the bundled rate-limiting mock alone, until Ctrl-C')
    .argument('[profile]', 'profile with settings, e.g. personalizer-s0,tps=20')
    .option('-p, --port <n>', 'port to listen on; 0: any free one', portNumber, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('-c, --config <file>', 'JSON file that describes the mock')
    .option('--seed <n>', 'seed of every random number', wholeNumber, 1)
    .option('--admin-token <token>', 'what the admin API asks for; needed to have it on other addresses')
    .option('--time-scale <n>', 'seconds of the mock in one of ours', positiveNumber, 1)
    .option('--tls', 'serve HTTPS with a certificate made now')
    .option('--tls-key <file>', 'serve HTTPS with this private key (PEM), and --tls-cert')
    .option('--tls-cert <file>', 'certificate of that key (PEM)')
    .option('-l, --list', 'list the profiles with their limits and sources')
    .addHelpText('after', HELP)
    .action(async (profile: string | undefined, flags: Flags) => finish(await runMock(profile, flags, io)))
}

async function runMock(profile: string | undefined, flags: Flags, io: Io): Promise<ExitCode> {
  if (flags.list === true) return list(io)
  const config = await configOf(profile, flags, io.cwd)
  const { seed, host, port, adminToken, timeScale } = flags
  const tls = await tlsOf(flags, io.cwd)
  const server = await startMockServer({
    config,
    seed,
    host,
    port,
    timeScale,
    ...(adminToken !== undefined && { adminToken }),
    ...(tls !== undefined && { tls }),
  })
  io.stdout.write(`${server.url}\n`)
  io.stderr.write(
    `mock of ${config.resources.map(({ name }) => name).join(', ')} at ${server.url} (Ctrl-C stops it)\n`,
  )
  await untilInterrupted(server, io)
  return EXIT.pass
}

function untilInterrupted(server: MockServer, io: Io): Promise<void> {
  return new Promise((done) => {
    let interrupts = 0
    const stopListening = io.onInterrupt(() => {
      interrupts++
      const stopped = interrupts > 1 ? server.close() : server.drain()
      void stopped.finally(() => {
        stopListening()
        done()
      })
    })
  })
}

function list(io: Io): ExitCode {
  const rows = listProfiles()
  const names = new Set(rows.map(({ name }) => name))
  io.stdout.write([...names].map((name) => profileText(rows.filter((row) => row.name === name))).join('\n'))
  return EXIT.pass
}

/** The profile's name, and below it each of its numbers with its mark and its source. */
function profileText(rows: readonly ProfileRow[]): string {
  const [{ name, service, tier } = { name: '', service: '', tier: '' }] = rows
  const cells = rows.map(({ limits, mark, source }) => [`  ${limits}`, mark, source])
  return `${`${name}: ${service} ${tier}`.trimEnd()}\n${renderTable(cells)}`
}

async function configOf(profile: string | undefined, flags: Flags, cwd: string): Promise<MockConfig> {
  if (flags.config !== undefined && profile !== undefined) {
    const what = 'was given together with a profile'
    throw new UserError(EXIT.usage, [
      { where: '--config', what, todo: 'give one of them: the file names its profiles' },
    ])
  }
  const { config, faults } =
    flags.config === undefined
      ? parseMockSpec(profile ?? 'personalizer-s0')
      : parseMockConfig(await readJson(cwd, flags.config), flags.config)
  if (config === undefined || faults.length > 0) throw new UserError(EXIT.usage, faults)
  return config
}

/** The user's own certificate, or one made now; `undefined`: plain HTTP. */
async function tlsOf({ tls, tlsKey, tlsCert }: Flags, cwd: string): Promise<MockServerOptions['tls']> {
  if (tlsKey === undefined && tlsCert === undefined) return tls === true ? 'self-signed' : undefined
  if (tlsKey === undefined || tlsCert === undefined) {
    const [where, missing] = tlsKey === undefined ? ['--tls-cert', '--tls-key'] : ['--tls-key', '--tls-cert']
    const todo = `give ${missing} too, or --tls for a certificate made now`
    throw new UserError(EXIT.usage, [{ where, what: `needs ${missing}`, todo }])
  }
  const [key, cert] = await Promise.all([
    readText(cwd, tlsKey, '--tls-key'),
    readText(cwd, tlsCert, '--tls-cert'),
  ])
  return { key, cert }
}

/** @param flag that gave the path. */
async function readText(cwd: string, path: string, flag: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8')
  } catch (error) {
    const what = `cannot be read (${String((error as NodeJS.ErrnoException).code)})`
    const todo = `check the path given with ${flag}`
    throw new UserError(EXIT.usage, [{ where: path, what, todo }], { cause: error })
  }
}

async function readJson(cwd: string, path: string): Promise<unknown> {
  const text = await readText(cwd, path, '--config')
  try {
    return JSON.parse(text)
  } catch (error) {
    const what = `is no JSON: ${(error as SyntaxError).message}`
    const todo = 'mend the file; headroom mock --help has an example'
    throw new UserError(EXIT.usage, [{ where: path, what, todo }], { cause: error })
  }
}
