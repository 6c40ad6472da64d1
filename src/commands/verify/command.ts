import { Command, InvalidArgumentError, Option } from 'commander'
import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import { US_PER_S } from '../../core/units.ts'
import { collect, durationFromOneSecond, httpUrl, positiveInteger } from '../flags.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import { ENGINE_NAMES, type EngineName, type TargetLoad, type VerifyRequest } from './request.ts'
import { runVerify } from './run-verify.ts'

const HELP = `
Runs headroom against the mock, of which everything is known, and prints for each claim the truth, what was
measured, the difference and whether that is allowed. Truths are the mock's own times and counts of the same
requests, from when it had read them to when its replies left, however late that was; or they follow from the
plan. Latencies may be off by 1 ms or 2 %, rates by 0.1 %, counts of replies and of bytes not at all. A case
that a busy machine spoils is run up to three times; what then cannot be judged is neither passed nor failed.

With --engine the same truth is put to another tool. With --target only the rate and the arrivals are checked,
because nobody else knows what a real service did; it gets GET requests, by default 20 a second for 10 s
after a second that does not count.

Exit codes: 0 every claim holds, or another tool was graded; 1 one does not hold; 3 the machine was too busy
to judge one.

Examples:
  headroom verify                            about a minute on a quiet machine
  headroom verify --quick                    a third of it
  headroom verify --engine autocannon --only fixed
  headroom verify --json > verify.json
  headroom verify --target https://my-service.example/health --rate 50 --duration 30s
`

interface Flags {
  engine: EngineName
  quick?: boolean
  only?: string[]
  target?: URL
  rate?: number
  duration?: number
  json?: boolean
  out?: string
  quiet?: boolean
}

const DEFAULT_RATE_RPS = 20
const DEFAULT_DURATION_S = 10

/** `headroom verify`. */
export function verifyCommand(io: Io, finish: Finish): Command {
  return new Command('verify')
    .description('check what headroom measures against known truth, or grade another tool')
    .addOption(
      new Option('--engine <name>', 'what is put to the test').choices(ENGINE_NAMES).default('headroom'),
    )
    .option('--quick', 'shorter, without the claims that take long')
    .option(
      '--only <case>',
      'only this case (repeatable): fixed, bimodal, lognormal, throttled, stall, spike, long',
      collect,
    )
    .option('-t, --target <url>', 'a real service in place of the mock: rate and arrivals only', httpUrl)
    .option('--rate <n>', 'requests a second to the target (default: 20)', positiveInteger)
    .option('--duration <time>', 'how long, in whole seconds (default: 10s)', wholeSeconds)
    .option('--json', 'write the figures to stdout as JSON')
    .option('-o, --out <file>', 'write the figures to this CSV file')
    .option('-q, --quiet', 'no progress and no table, only errors')
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => finish(await runVerify(requestOf(flags), io)))
}

/** A duration of whole seconds, in seconds. */
function wholeSeconds(value: string): number {
  const seconds = durationFromOneSecond(value) / US_PER_S
  if (!Number.isInteger(seconds)) throw new InvalidArgumentError('it takes whole seconds, such as 30s or 2m.')
  return seconds
}

function requestOf(flags: Flags): VerifyRequest {
  const { engine, quick = false, only = [], json = false, out, quiet = false } = flags
  const faults = faultsIn(flags)
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  return { engine, isQuick: quick, only, target: targetOf(flags), json, out, quiet }
}

function targetOf({ target, rate, duration }: Flags): TargetLoad | undefined {
  if (target === undefined) return undefined
  return { url: target, rateRps: rate ?? DEFAULT_RATE_RPS, durationS: duration ?? DEFAULT_DURATION_S }
}

/** Flags that do not go together. */
function faultsIn({ target, engine, quick, only, rate, duration }: Flags): Fault[] {
  const fault = (where: string, what: string, todo: string): Fault => ({ where, what, todo })
  if (target === undefined) {
    return Object.entries({ '--rate': rate, '--duration': duration })
      .filter(([, value]) => value !== undefined)
      .map(([flag]) => fault(flag, 'the cases against the mock have loads of their own', 'give --target URL'))
  }
  const given = { '--quick': quick, '--only': only, '--engine': engine === 'headroom' ? undefined : engine }
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([flag]) =>
      fault(flag, 'it is about the mock, whose truth is known', `leave ${flag} or --target out`),
    )
}
