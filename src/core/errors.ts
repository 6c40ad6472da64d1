/**
 * Exit codes of the command, in the order in which they win when several apply.
 * From 97 on they are k6's.
 */
export const EXIT = {
  pass: 0,
  internal: 1,
  usage: 2,
  invalidRun: 3,
  regression: 4,
  unreachable: 5,
  thresholds: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  options: 104,
  interrupted: 105,
  script: 107,
  aborted: 108,
  markedFailed: 110,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const PRECEDENCE: readonly ExitCode[] = [1, 107, 105, 100, 101, 5, 3, 108, 99, 110, 4]

/** The exit code to report when several apply: the first of the documented order, else any of them, else 0. */
export function winningExitCode(codes: readonly ExitCode[]): ExitCode {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? codes.find((code) => code !== 0) ?? 0
}

/** One thing that is wrong with what the user gave us: where it is, what is wrong, and what to do about it. */
export interface Fault {
  /** File, `file:line`, option path or flag, e.g. `options.scenarios.rank.rate`. */
  readonly where: string
  readonly what: string
  readonly todo?: string
}

/** `where: what` and, indented below, what to do. */
export function formatFault(fault: Fault): string {
  const head = fault.where === '' ? fault.what : `${fault.where}: ${fault.what}`
  return fault.todo === undefined ? head : `${head}\n  ${fault.todo}`
}

/**
 * An error that the user can mend. Carries every fault found, not only the first, and the documented exit code.
 * The command line prints it without a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly exitCode: ExitCode
  readonly faults: readonly Fault[]

  constructor(exitCode: ExitCode, faults: readonly Fault[], options?: ErrorOptions) {
    super(faults.map(formatFault).join('\n'), options)
    this.exitCode = exitCode
    this.faults = faults
  }
}

/** What the operating system calls the failure, such as `ENOENT`; `undefined` for any other error. */
export function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
