import { Command, InvalidArgumentError } from 'commander'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import { runImport } from './run-import.ts'

const HELP = `
Reads, by the first line of each file, plain or compressed with gzip:
  k6      run --out csv=FILE, or --out json=FILE
  JMeter  -l FILE (CSV with a header)
  Locust  --csv PREFIX: PREFIX_stats.csv and PREFIX_stats_history.csv, and PREFIX_failures.csv if there is one

Several files of samples are one run, as from several machines. What the source does not tell stays empty,
and warnings say what that is: response times count from when a request was sent, for nobody wrote down when
it was due; there is no verdict on a load generator that is not ours; of Locust there are percentiles, but no
histograms.

Examples:
  headroom import nightly.csv.gz --name checkout
  headroom import east.jtl west.jtl --throttled 503
  headroom import locust_stats.csv locust_stats_history.csv locust_failures.csv

Human output goes to stderr; stdout gets the path of the run's directory.
`

interface Flags {
  name?: string
  throttled?: number[]
  out: string
  quiet?: boolean
}

/** `headroom import FILE…`. */
export function importCommand(io: Io, finish: Finish): Command {
  return new Command('import')
    .description('make a run of what k6, JMeter or Locust has measured')
    .argument('<files...>', 'what the tool has written')
    .option('-n, --name <name>', 'name of the scenario (default: the first file’s)')
    .option(
      '--throttled <statuses>',
      'statuses that mean "slow down" besides 429, e.g. 503 (repeatable)',
      collectStatuses,
    )
    .option('-o, --out <dir>', 'where the run’s directory goes', 'results')
    .option('-q, --quiet', 'no summary, only warnings and errors')
    .addHelpText('after', HELP)
    .action(async (files: string[], { name, throttled = [], out, quiet = false }: Flags) =>
      finish(await runImport({ files, name, throttled, out, quiet }, io)),
    )
}

function collectStatuses(text: string, before: readonly number[] = []): number[] {
  const statuses = text.split(',').map((status) => status.trim())
  if (!statuses.every((status) => /^[1-5]\d\d$/.test(status))) {
    throw new InvalidArgumentError('it takes HTTP statuses, e.g. 503 or 500,503.')
  }
  return [...before, ...statuses.map(Number)]
}
