import { ScriptError } from '../script-error.ts'

/**
 * The script uses something of k6 that headroom does not have. Ends the run: going on would measure
 * something else than the script says.
 */
export function unsupported(what: string): ScriptError {
  const todo = 'leave it out, or run this script with k6'
  return new ScriptError({ where: '', what: `${what} is not supported yet`, todo })
}
