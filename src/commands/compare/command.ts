import { Command, InvalidArgumentError, Option } from 'commander'
import { EXIT, UserError, type ExitCode, type Fault } from '../../core/errors.ts'
import { collect } from '../flags.ts'
import type { Io } from '../io.ts'
import type { Finish } from '../program.ts'
import { nightCountOf, type AllowedDifference, type OutputRequest } from './nights/request.ts'
import { runAccept } from './nights/run-accept.ts'
import { runCalibrate } from './nights/run-calibrate.ts'
import { runNights } from './nights/run-nights.ts'
import { runTwoSides } from './two-sides.ts'

const HELP = `
Two sides are directories of runs, or bare CSV files: a summary.csv, or a runs.csv with a run a line. One run
a side is compared second by second, and what comes of it is "within-run only": it says how much a run varies
within itself, not how much runs differ, and never fails. With five more runs of the same thing in the
runs.csv beside HEAD, or several runs a side, it does say that, and then a regression ends with exit code 4.
Each figure is judged by itself there: of many, and where runs differ much, one may regress by chance.
Verdicts are regressed, improved, equivalent and inconclusive; the last means that the data cannot say.

Runs with another script, other options or another kind of target (mock, remote, virtual time) are refused
unless --allow names what may differ. Limits of the mock and the seed may. INVALID runs never count.

nights:N judges a night by the N nights before it in runs.csv. A regression is a candidate; only one that a
second run, given with --confirm, has too fails with exit code 4. What control runs (--control) show to be a
noisy night is not judged. --accept makes an intended change the new level; --calibrate tells how often the
gate was wrong.

Examples:
  headroom compare results/BEFORE results/AFTER
  headroom compare results/A1 results/B1 --base results/A2 --head results/B2 --format html --out compare.html
  headroom compare nights:20 results/TONIGHT --github
  headroom compare nights:20 results/TONIGHT --confirm results/confirm/AGAIN
  headroom compare --accept results/TONIGHT --reason "payload doubled on purpose"
  headroom compare nights:20 --calibrate

Exit codes: 0 no regression that counts; 2 usage, or runs of different things; 3 a side is INVALID;
4 regression.
Text goes to stderr; other formats to stdout, or into the file of --out.
`

interface Flags {
  base?: string[]
  head?: string[]
  confirm?: string
  control?: string[]
  results?: string
  accept?: string
  reason?: string
  by?: string
  calibrate?: boolean
  scenario?: string
  allow?: AllowedDifference[]
  format?: OutputRequest['format']
  out?: string
  github?: boolean
}

type Mode = 'two sides' | 'nights' | 'accept' | 'calibrate'

const OUTPUT_FLAGS = ['allow', 'format', 'out', 'github'] as const
/** Which flags mean something where. */
const FLAGS_OF: Readonly<Record<Mode, readonly (keyof Flags)[]>> = {
  'two sides': ['base', 'head', ...OUTPUT_FLAGS],
  nights: ['confirm', 'control', 'results', ...OUTPUT_FLAGS],
  accept: ['accept', 'reason', 'by', 'results'],
  calibrate: ['calibrate', 'results', 'scenario', ...OUTPUT_FLAGS],
}
/** What there is to be given with each. */
const FORMS: Readonly<Record<Mode, string>> = {
  'two sides': 'compare BASE HEAD',
  nights: 'compare nights:N HEAD',
  accept: 'compare --accept RUN --reason TEXT',
  calibrate: 'compare nights:N --calibrate',
}

const FORMATS = ['text', 'markdown', 'csv', 'json', 'html'] as const
const ALLOWABLE: readonly AllowedDifference[] = ['script', 'options', 'target']
const DEFAULT_RESULTS = 'results'

/** `headroom compare`. */
export function compareCommand(io: Io, finish: Finish): Command {
  return new Command('compare')
    .description('compare runs, or a night with the past ones')
    .argument('[base]', 'a run: its directory or a CSV file; or nights:N, the N nights before')
    .argument('[head]', 'what is held against it')
    .option('--base <run>', 'one more run of the base (repeatable)', collect)
    .option('--head <run>', 'one more run of the head (repeatable)', collect)
    .option('--confirm <run>', 'second run of the night, to confirm or clear a candidate')
    .option('--control <run>', 'control run from before or after the night (repeatable)', collect)
    .option('--results <dir>', 'folder with the past nights (default: the one that has HEAD; or results)')
    .option('--accept <run>', 'take the level of this run as intended')
    .option('--reason <text>', 'why, for the record')
    .option('--by <name>', 'who says so (default: the user of git)')
    .option('--calibrate', 'tell how often the gate would have been wrong, and what it would find')
    .option('--scenario <name>', 'whose nights, where the folder has several scenarios')
    .option('--allow <list>', 'compare although these differ: script, options, target', allowedList)
    .addOption(new Option('-f, --format <name>', 'of what comes out (default: text)').choices(FORMATS))
    .option('-o, --out <file>', 'write it to this file')
    .option('--github', 'tell GitHub Actions too: step summary, annotations, output "candidate"')
    .addHelpText('after', HELP)
    .action(async (base: string | undefined, head: string | undefined, flags: Flags) =>
      finish(await compare(base, head, flags, io)),
    )
}

function allowedList(value: string, before: readonly AllowedDifference[] = []): AllowedDifference[] {
  const names = value.split(',').map((name) => name.trim())
  const known = ALLOWABLE.filter((name) => names.includes(name))
  const unknown = names.filter((name) => !(ALLOWABLE as readonly string[]).includes(name))
  if (unknown.length === 0) return [...before, ...known]
  throw new InvalidArgumentError(`${unknown.join(', ')} cannot be allowed; ${ALLOWABLE.join(', ')} can.`)
}

/** Empty, or 0, where the form has none. */
interface Asked {
  readonly nightCount: number
  readonly base: string
  readonly head: string
  readonly flags: Flags
}

function compare(
  base: string | undefined,
  head: string | undefined,
  flags: Flags,
  io: Io,
): Promise<ExitCode> {
  const nightCount = base === undefined ? undefined : nightCountOf(base)
  const mode = modeOf(flags, nightCount)
  const faults = [
    ...flagFaults(mode, flags),
    ...argumentFaults(mode, base, head),
    ...reasonFaults(flags),
    ...stdoutFaults(flags),
  ]
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  return ACTIONS[mode]({ nightCount: nightCount ?? 0, base: base ?? '', head: head ?? '', flags }, io)
}

/** What each form does, once the command line is understood. */
const ACTIONS: Readonly<Record<Mode, (asked: Asked, io: Io) => Promise<ExitCode>>> = {
  'two sides': ({ base, head, flags }, io) => {
    const { base: moreBase = [], head: moreHead = [] } = flags
    return runTwoSides({ ...outputOf(flags), base: [base, ...moreBase], head: [head, ...moreHead] }, io)
  },
  nights: ({ nightCount, head, flags }, io) => {
    const { confirm: confirmation, control: controls = [], results } = flags
    return runNights({ ...outputOf(flags), nightCount, head, confirmation, controls, results }, io)
  },
  accept: ({ flags }, io) => {
    const { accept: run = '', reason = '', by, results } = flags
    return runAccept({ run, reason, by, results }, io)
  },
  calibrate: ({ nightCount, flags }, io) => {
    const { results = DEFAULT_RESULTS, scenario } = flags
    return runCalibrate({ ...outputOf(flags), nightCount, results, scenario }, io)
  },
}

type Output = OutputRequest & { readonly allowed: readonly AllowedDifference[] }

function outputOf({ format = 'text', out, github = false, allow = [] }: Flags): Output {
  return { format, out, github, allowed: allow }
}

function modeOf({ accept, calibrate }: Flags, nightCount: number | undefined): Mode {
  if (accept !== undefined) return 'accept'
  if (calibrate === true) return 'calibrate'
  return nightCount === undefined ? 'two sides' : 'nights'
}

/** Flags that mean nothing here. */
function flagFaults(mode: Mode, flags: Flags): Fault[] {
  const given = Object.keys(flags) as (keyof Flags)[]
  return given
    .filter((flag) => !FLAGS_OF[mode].includes(flag))
    .map((flag) => ({
      where: `--${flag}`,
      what: `means nothing in headroom ${FORMS[mode]}`,
      todo: `Leave it out; it is for headroom ${formsWith(flag).join(' and for headroom ')}.`,
    }))
}

function formsWith(flag: keyof Flags): string[] {
  return (Object.keys(FORMS) as Mode[])
    .filter((mode) => FLAGS_OF[mode].includes(flag))
    .map((mode) => FORMS[mode])
}

/** How many of the two arguments each form has. */
const ARGUMENT_COUNTS: Readonly<Record<Mode, number>> = { 'two sides': 2, nights: 2, accept: 0, calibrate: 1 }

function argumentFaults(mode: Mode, base: string | undefined, head: string | undefined): Fault[] {
  const given = [base, head].filter((argument) => argument !== undefined)
  const isNights = base?.startsWith('nights:') === true
  const isRight = given.length === ARGUMENT_COUNTS[mode] && (mode !== 'calibrate' || isNights)
  if (isRight) return []
  const what = given.length === 0 ? 'there is nothing to compare' : `not understood: ${given.join(' ')}`
  return [{ where: 'compare', what, todo: `Write headroom ${FORMS[mode]}; --help shows every form.` }]
}

function reasonFaults({ accept, reason = '' }: Flags): Fault[] {
  if (accept === undefined || reason.trim() !== '') return []
  const what = 'is missing: whoever looks at the nights later has to know why the level changed'
  return [{ where: '--reason', what, todo: 'Write --reason "payload doubled on purpose".' }]
}

/** Annotations go to stdout, and would end up within what programs read. */
function stdoutFaults({ github = false, format = 'text', out }: Flags): Fault[] {
  if (!github || format === 'text' || out !== undefined) return []
  const what = `writes annotations to stdout, where --format ${format} goes as well`
  return [{ where: '--github', what, todo: 'Add --out FILE.' }]
}
