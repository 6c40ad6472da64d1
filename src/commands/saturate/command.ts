import { Command, InvalidArgumentError } from 'commander'
import { parseDurationUs } from '../../core/units.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import { collect, positiveInteger } from '../flags.ts'
import { runSaturate } from './run-saturate.ts'
import type { SaturateRequest } from './request.ts'

const HELP = `
This is a closed model: each connection sends its next request when the last reply has come. It shows the
most that a target answers, and says nothing of the latency at any planned rate: a slow target slows the
load down. Use headroom run for that. Requests are made by autocannon, which does not verify TLS certificates.

Examples:
  headroom saturate http://127.0.0.1:8080/
  headroom saturate http://127.0.0.1:8429/personalizer/v1.0/rank -m POST -c 50 -d 20s \\
      -H 'Content-Type: application/json' -H 'Ocp-Apim-Subscription-Key: mock-key-1' \\
      -b '{"actions":[{"id":"a","features":[]}]}'
`

interface Flags {
  connections: number
  duration: number
  method: string
  header?: string[]
  body?: string
  timeout: number
  out: string
  quiet?: boolean
}

/** `headroom saturate URL`. */
export function saturateCommand(io: Io, finish: Finish): Command {
  return new Command('saturate')
    .description('find the closed-model ceiling of one request with autocannon')
    .argument('<url>', 'URL to ask')
    .option('-c, --connections <n>', 'connections, each with one request under way', positiveInteger, 10)
    .option('-d, --duration <time>', 'how long', durationUs, 10_000_000)
    .option('-m, --method <method>', 'HTTP method', 'GET')
    .option('-H, --header <name: value>', 'request header (repeatable; values reach no file)', collect)
    .option('-b, --body <text>', 'request body')
    .option('--timeout <time>', 'how long to wait for a reply', durationUs, 10_000_000)
    .option('-o, --out <dir>', 'where the run’s directory goes', 'results')
    .option('-q, --quiet', 'no progress and no summary, only errors')
    .addHelpText('after', HELP)
    .action(async (url: string, flags: Flags) => finish(await runSaturate(requestOf(url, flags), io)))
}

function requestOf(url: string, flags: Flags): SaturateRequest {
  const { connections, duration, method, header = [], body, timeout, out, quiet = false } = flags
  return {
    url: readUrl(url),
    connections,
    durationUs: duration,
    timeoutUs: timeout,
    method: method.toUpperCase(),
    headers: header.map(readHeader),
    body,
    out,
    quiet,
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new InvalidArgumentError(`not an absolute http(s) URL: ${text}`)
}

function readHeader(text: string): [string, string] {
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):\s*(.*)$/.exec(text)
  if (match === null) throw new InvalidArgumentError(`not a header: "${text}"; give it as "Name: value"`)
  return [match[1] ?? '', match[2] ?? '']
}

function durationUs(text: string): number {
  const us = parseDurationUs(text)
  if (us === undefined || us < 1_000_000)
    throw new InvalidArgumentError('it takes a duration of at least 1s.')
  return us
}
