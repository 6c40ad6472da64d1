import { EXIT, formatFault } from '../core/errors.ts'
import type { ExitCode, Fault } from '../core/errors.ts'

/**
 * The script does what the harness cannot carry out faithfully, such as waiting where no `await` can stand.
 * Unlike an exception of the script itself, which ends one iteration, it ends the run.
 */
export class ScriptError extends Error {
  override readonly name = 'ScriptError'
  readonly exitCode: ExitCode = EXIT.script
  readonly fault: Fault

  constructor(fault: Fault, options?: ErrorOptions) {
    super(formatFault(fault), options)
    this.fault = fault
  }
}
