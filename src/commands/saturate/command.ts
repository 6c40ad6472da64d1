import { Command, Option } from 'commander'
import { US_PER_S } from '../../core/units.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import {
  collectHeader,
  durationFromOneSecond,
  httpUrl,
  methodName,
  positiveInteger,
  type HeaderPair,
} from '../flags.ts'
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
  header?: HeaderPair[]
  body?: string
  timeout: number
  out: string
  quiet?: boolean
}

/** `headroom saturate URL`. */
export function saturateCommand(io: Io, finish: Finish): Command {
  return new Command('saturate')
    .description('find the closed-model ceiling of one request with autocannon')
    .argument('<url>', 'URL to ask', httpUrl)
    .option('-c, --connections <n>', 'connections, each with one request under way', positiveInteger, 10)
    .addOption(timeOption('-d, --duration <time>', 'how long'))
    .option('-m, --method <method>', 'HTTP method', methodName, 'GET')
    .option('-H, --header <name: value>', 'request header (repeatable; values reach no file)', collectHeader)
    .option('-b, --body <text>', 'request body')
    .addOption(timeOption('--timeout <time>', 'how long to wait for a reply'))
    .option('-o, --out <dir>', 'where the run’s directory goes', 'results')
    .option('-q, --quiet', 'no progress and no summary, only errors')
    .addHelpText('after', HELP)
    .action(async (url: URL, flags: Flags) => finish(await runSaturate(requestOf(url, flags), io)))
}

function timeOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(durationFromOneSecond).default(10 * US_PER_S, '10s')
}

function requestOf(url: URL, flags: Flags): SaturateRequest {
  const { connections, duration, method, header = [], body, timeout, out, quiet = false } = flags
  return {
    url,
    connections,
    durationUs: duration,
    timeoutUs: timeout,
    method,
    headers: header,
    body,
    out,
    quiet,
  }
}
