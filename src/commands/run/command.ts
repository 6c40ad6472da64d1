import { Command, Option } from 'commander'
import { OPTION_FLAGS, type FlagValues, type OptionFlag } from '../../script/option-sources.ts'
import { collect, pairsOf, positiveInteger, wholeNumber } from '../flags.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import { readOtlpUrl } from './otlp-request.ts'
import type { RunRequest } from './request.ts'
import { runScript } from './run-script.ts'
import { readSummaryRequest, type SummaryFlags } from './summary-request.ts'

const HELP = `
The script is a k6 script in TypeScript or JavaScript. It finds the base URL of its target in __ENV.TARGET.
The plan is the script's: --duration, --iterations or --stage replace its scenarios, as in k6.

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
  const command = new Command('run')
    .description('run a k6 script against a mock or a real service')
    .argument('<script>', 'k6 script (.ts or .js)')
    .option('-t, --target <target>', 'URL, or mock:PROFILE[,tps=…,concurrency=…,latency=…]')
    .option('-e, --env <K=V>', 'set __ENV.K in the script (repeatable; values reach no file)', pairsOf('-e'))
    .option('--seed <n>', 'seed of every random number (default: the script’s, else 1)', wholeNumber)
    .option('--virtual', 'virtual time against the mock: no sockets, no waiting, repeatable')
    .addOption(
      new Option('--max-requests <n>', 'send at most so many requests, then stop')
        .argParser(positiveInteger)
        .default(Infinity, 'no limit'),
    )
    .option('-o, --out <dir>', 'where the run’s directory goes', 'results')
    .option('--raw', 'keep every request, a row each in requests.csv.gz')
    .option('-q, --quiet', 'no progress and no summary, only errors')
    .option(
      '--summary-mode <mode>',
      "summary at the end: headroom, or k6's compact (k6), full or legacy, or disabled",
    )
    .option('--summary-export <file>', "write k6's summary as JSON to this file, as k6 does")
    .option('--no-summary', 'no summary; handleSummary() is not called')
    .option('--otlp <url>', 'push live metrics to this OpenTelemetry receiver once a second')
    .option('--dry-run', 'check script, options and mock, print the plan, send nothing')
    .optionsGroup(K6_GROUP)
    .option('-c, --config <file>', 'options as JSON, below those of the script')
    .option('--tag <K=V>', 'tag every sample (repeatable)', pairsOf('--tag'))
  for (const flag of OPTION_FLAGS) command.addOption(optionOf(flag))
  return command
    .addHelpText('after', HELP)
    .action(async (script: string, flags: Flags) =>
      finish(await runScript(requestOf(script, flags, optionTexts(command), io), io)),
    )
}

const K6_GROUP = 'Options of k6 (they win over variables such as K6_VUS, and those over the script):'

function optionOf({ flags, description }: OptionFlag): Option {
  const option = new Option(flags, description).helpGroup(K6_GROUP)
  return option.required ? option.argParser(collect) : option
}

/** What was given with the flags of k6's options. */
function optionTexts(command: Command): FlagValues['texts'] {
  const given = OPTION_FLAGS.flatMap(({ key, flags }) => {
    const name = new Option(flags).attributeName()
    if (command.getOptionValueSource(name) !== 'cli') return []
    const texts: unknown = command.getOptionValue(name)
    return [[key, Array.isArray(texts) ? texts.map(String) : true] as const]
  })
  return Object.fromEntries(given)
}

interface Flags extends SummaryFlags {
  target?: string
  env?: Record<string, string>
  config?: string
  tag?: Record<string, string>
  seed?: number
  virtual?: boolean
  maxRequests: number
  out: string
  raw?: boolean
  quiet?: boolean
  otlp?: string
  dryRun?: boolean
}

function requestOf(
  script: string,
  given: Flags,
  texts: FlagValues['texts'],
  io: Pick<Io, 'env'>,
): RunRequest {
  const { target, env = {}, config, tag = {}, seed, maxRequests, out } = given
  const { virtual = false, raw = false, quiet = false, dryRun = false } = given
  const flags = { texts, tags: tag }
  const summary = readSummaryRequest(given, io.env)
  const otlpUrl = readOtlpUrl(given.otlp, virtual)
  const places = { script, target, env, config, out, otlpUrl }
  return { ...places, flags, seed, maxRequests, virtual, raw, quiet, summary, dryRun }
}
