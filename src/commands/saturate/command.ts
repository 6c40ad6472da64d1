import { Command, Option } from 'commander'
import { US_PER_S } from '../../core/units.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import {
  collectHeader,
  durationFromOneSecond,
  httpUrl,
  methodName,
  pairsOf,
  type HeaderPair,
} from '../flags.ts'
import { connectionSteps } from './connection-steps.ts'
import { runSaturate } from './run-saturate.ts'
import type { SaturateRequest } from './request.ts'

const HELP = `
This is a closed model: each connection sends its next request when the last reply has come. It shows the
most that a target answers, and says nothing of the latency at any planned rate: a slow target slows the
load down. Use headroom run for that. Requests are made by autocannon, which does not verify TLS certificates.

The request is that of the command line, of a JSON file ({"url", "method", "headers", "body"}), or the first
one that an iteration of a k6 script asks for; --method, --header and --body win over file and script.
The URL is what the file's is relative to, and what the script finds in __ENV.TARGET.

Examples:
  headroom saturate http://127.0.0.1:8080/ -c 1..64x2 -d 5s
  headroom saturate --request rank.json -c 1,2,4,8 --self
  headroom saturate http://127.0.0.1:8429 --script scenarios/personalizer-rank-reward.ts -c 50
  headroom saturate --self                         what this machine and generator can do
`

interface Flags {
  connections: number[]
  duration: number
  request?: string
  script?: string
  env?: Record<string, string>
  method?: string
  header?: HeaderPair[]
  body?: string
  timeout: number
  self?: boolean
  out: string
  quiet?: boolean
}

/** `headroom saturate [URL]`. */
export function saturateCommand(io: Io, finish: Finish): Command {
  return new Command('saturate')
    .description('find the closed-model ceiling of one request with autocannon, step by step')
    .argument('[url]', 'URL to ask', httpUrl)
    .addOption(
      new Option(
        '-c, --connections <list>',
        'connections of each step: 10, or 1,2,4,8, or 1..64x2, or 10..50+10',
      )
        .argParser(connectionSteps)
        .default([10], '10'),
    )
    .addOption(timeOption('-d, --duration <time>', 'how long each step takes'))
    .option('--request <file>', 'JSON file with the request')
    .option('--script <script>', 'k6 script whose first request is taken')
    .option('-e, --env <K=V>', 'set __ENV.K in the script (repeatable; values reach no file)', pairsOf('-e'))
    .option('-m, --method <method>', 'HTTP method (default: GET)', methodName)
    .option('-H, --header <name: value>', 'request header (repeatable; values reach no file)', collectHeader)
    .option('-b, --body <text>', 'request body')
    .addOption(timeOption('--timeout <time>', 'how long to wait for a reply'))
    .option('--self', 'also measure what this machine and generator can do; alone without a URL')
    .option('-o, --out <dir>', 'where the run’s directory goes', 'results')
    .option('-q, --quiet', 'no progress and no summary, only errors')
    .addHelpText('after', HELP)
    .action(async (url: URL | undefined, flags: Flags) =>
      finish(await runSaturate(requestOf(url, flags), io)),
    )
}

function timeOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(durationFromOneSecond).default(10 * US_PER_S, '10s')
}

function requestOf(url: URL | undefined, flags: Flags): SaturateRequest {
  const { connections, duration, request, script, env = {}, method, header = [], body, timeout, out } = flags
  const { self = false, quiet = false } = flags
  return {
    url,
    requestFile: request,
    script,
    env,
    method,
    headers: header,
    body,
    connectionSteps: connections,
    stepDurationUs: duration,
    timeoutUs: timeout,
    self,
    out,
    quiet,
  }
}
