import { Command, CommanderError } from 'commander'
import { EXIT, UserError, type ExitCode } from '../core/errors.ts'
import type { Io } from './io.ts'
import { TOOL_VERSION } from './version.ts'

/** A command's action: gives its exit code. */
export type Finish = (exitCode: ExitCode) => void

type MakeCommand = (io: Io, finish: Finish) => Command

/** In the order of the help. Each is loaded when it is wanted: without the rest a run begins 0.15 s sooner, in 11 MB less. */
const COMMANDS: ReadonlyMap<string, () => Promise<MakeCommand>> = new Map([
  ['run', async () => (await import('./run/command.ts')).runCommand],
  ['report', async () => (await import('./report/command.ts')).reportCommand],
  ['compare', async () => (await import('./compare/command.ts')).compareCommand],
  ['mock', async () => (await import('./mock.ts')).mockCommand],
  ['saturate', async () => (await import('./saturate/command.ts')).saturateCommand],
  ['verify', async () => (await import('./verify/command.ts')).verifyCommand],
  ['import', async () => (await import('./import/command.ts')).importCommand],
])

/** Parses and runs a command line. Every fault of the user's becomes one message and the documented exit code. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: ExitCode = EXIT.pass
  try {
    const program = createProgram()
    for (const load of wantedCommands(argv)) {
      const make = await load()
      program.addCommand(make(io, (code) => (exitCode = code)))
    }
    applyToAll(program, io)
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    return report(error, io, argv.includes('--verbose'))
  }
}

/** The one that the line names; all of them for the help, and to say what there is beside a name that is none. */
function wantedCommands(argv: readonly string[]): (() => Promise<MakeCommand>)[] {
  const load = COMMANDS.get(argv.find((word) => word !== '--verbose') ?? '')
  return load === undefined ? [...COMMANDS.values()] : [load]
}

function createProgram(): Command {
  return new Command('headroom')
    .description('Load testing for rate-limited HTTP APIs: how much room you have under the throttle.')
    .version(TOOL_VERSION, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
    .option('--verbose', 'show stack traces of errors')
    .addHelpText('after', ROOT_HELP)
}

/** Commander writes and exits by itself unless every command is told not to. */
function applyToAll(command: Command, io: Io): void {
  command
    .exitOverride()
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError('(--help shows what there is)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
  for (const child of command.commands) applyToAll(child, io)
}

function report(error: unknown, io: Io, verbose: boolean): ExitCode {
  // Commander has written its message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage
  if (error instanceof UserError) {
    io.stderr.write(`${error.faults.length > 1 ? `${error.faults.length} faults:\n` : ''}${error.message}\n`)
    if (verbose) io.stderr.write(`${stackOf(error.cause ?? error)}\n`)
    return error.exitCode
  }
  const text = verbose ? stackOf(error) : error instanceof Error ? error.message : String(error)
  const hint = verbose ? '' : '\n  This is a fault of headroom itself; --verbose shows where.'
  io.stderr.write(`internal error: ${text}${hint}\n`)
  return EXIT.internal
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

const ROOT_HELP = `
Examples:
  headroom run script.ts                          against the mock that the script names
  headroom run script.ts --target https://HOST    against a real service
  headroom run script.ts --virtual                simulate: no sockets, no waiting
  headroom mock personalizer-s0,tps=20 --port 8080
  headroom compare results/BEFORE results/AFTER   what changed, and what cannot be said
  headroom saturate http://127.0.0.1:8080/ -c 50 -d 10s
  headroom verify                                 check what is measured against known truth
  headroom import k6.csv.gz                       a run from what k6, JMeter or Locust has measured

Exit codes: 0 pass, 1 internal error, 2 usage, 3 run INVALID (the generator could not keep the plan),
4 regression, 5 target unreachable, 99 thresholds failed, 100/101 setup/teardown timeout, 104 invalid options,
105 interrupted, 107 script exception, 108 aborted by the script, 110 marked failed by the script.
`
