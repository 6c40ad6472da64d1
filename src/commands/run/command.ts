import { Command, Option } from 'commander'
import { collect, pairsOf, positiveInteger, wholeNumber } from '../flags.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import type { RunRequest } from './request.ts'
import { runScript } from './run-script.ts'

const HELP = `
The script is a k6 script in TypeScript or JavaScript. It finds the base URL of its target in __ENV.TARGET.
The plan is the script's: flags such as --vus and --duration replace its scenarios, as in k6.

Examples:
  headroom run scenarios/personalizer-rank-reward.ts
  headroom run script.ts --target https://my-service.example -e KEY=…
  headroom run script.ts --target mock:personalizer-s0,tps=20,latency=50ms
  headroom run script.ts --virtual --seed 7        the same figures every time, in no time
  headroom run script.ts --dry-run                 every fault of script and options at once, no traffic

Human output goes to stderr; stdout gets the path of the run's directory. Press Ctrl-C once to stop,
drain and save; twice to quit.
`

/** `headroom run SCRIPT`. */
export function runCommand(io: Io, finish: Finish): Command {
  return new Command('run')
    .description('run a k6 script against a mock or a real service')
    .argument('<script>', 'k6 script (.ts or .js)')
    .option('-t, --target <target>', 'URL, or mock:PROFILE[,tps=…,concurrency=…,latency=…]')
    .option('-e, --env <K=V>', 'set __ENV.K in the script (repeatable; values reach no file)', pairsOf('-e'))
    .option('-u, --vus <n>', 'number of VUs, with --duration (k6)', positiveInteger)
    .option('-d, --duration <time>', 'length of the load, e.g. 30s (k6)')
    .option('-i, --iterations <n>', 'number of iterations (k6)', positiveInteger)
    .option('-s, --stage <time:target>', 'stage of a ramp, e.g. 30s:10 (k6; repeatable)', collect)
    .option('--tag <K=V>', 'tag every sample (k6; repeatable)', pairsOf('--tag'))
    .option('--seed <n>', 'seed of every random number (default: the script’s, else 1)', wholeNumber)
    .option('--virtual', 'virtual time against the mock: no sockets, no waiting, repeatable')
    .addOption(
      new Option('--max-requests <n>', 'send no more than this many requests, then stop')
        .argParser(positiveInteger)
        .default(Infinity, 'no limit'),
    )
    .option('-o, --out <dir>', 'where the run’s directory goes', 'results')
    .option('-q, --quiet', 'no progress and no summary, only errors')
    .option('--dry-run', 'check script, options and mock, print the plan, send nothing')
    .addHelpText('after', HELP)
    .action(async (script: string, flags: Flags) => finish(await runScript(requestOf(script, flags), io)))
}

interface Flags {
  target?: string
  env?: Record<string, string>
  vus?: number
  duration?: string
  iterations?: number
  stage?: string[]
  tag?: Record<string, string>
  seed?: number
  virtual?: boolean
  maxRequests: number
  out: string
  quiet?: boolean
  dryRun?: boolean
}

function requestOf(script: string, flags: Flags): RunRequest {
  const { target, env = {}, vus, duration, iterations, stage, tag = {}, seed, maxRequests, out } = flags
  const { virtual = false, quiet = false, dryRun = false } = flags
  const load = { vus, duration, iterations, stages: stage, tags: tag, seed, maxRequests }
  return { script, target, env, ...load, virtual, out, quiet, dryRun }
}
