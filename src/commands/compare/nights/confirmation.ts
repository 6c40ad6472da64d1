/** The run that tells whether a candidate is a regression. */
import { join } from 'node:path'
import { EXIT, UserError } from '../../../core/errors.ts'
import { assertComparable, differencesBetween, sentenceOf } from '../differences.ts'
import { nightFault, type NightRun } from './night-run.ts'
import type { NightsRequest } from './request.ts'

/**
 * What differs between the night's run and the one that is to confirm it, as far as that is allowed.
 *
 * @throws UserError (usage) when it is of something else, or the same run
 */
export function confirmationNotes(
  head: NightRun,
  confirmation: NightRun,
  allowed: NightsRequest['allowed'],
): string[] {
  const { path } = confirmation.side.shown
  if (head.night.runId === confirmation.night.runId) {
    const what = 'is the night’s run itself, or the same simulation'
    throw new UserError(EXIT.usage, [
      { where: path, what, todo: 'Give another run; in virtual time one with another --seed.' },
    ])
  }
  const differences = differencesBetween([head.side, confirmation.side])
  assertComparable(differences, allowed)
  const fault = nightFault(confirmation)
  return [
    ...differences.map((difference) => `the confirmation run differs: ${sentenceOf(difference)}`),
    ...(fault === undefined
      ? []
      : [`the confirmation run ${path} ${fault}, so it confirms and clears nothing`]),
  ]
}

/** What to do about a candidate, as command lines. */
export function confirmationSteps({ identity }: NightRun, { head, nightCount }: NightsRequest): string {
  const out = join(head, '..', 'confirm')
  const run = [
    'headroom run',
    quoted(identity.scriptPath),
    ...targetFlags(identity.target),
    '--out',
    quoted(out),
  ]
  const virtual = identity.time === 'virtual' ? ['--virtual --seed ANOTHER'] : []
  const compare = `headroom compare nights:${nightCount} ${quoted(head)} --confirm RUN`
  return `confirm it on a fresh machine, with the night’s -e values: ${[...run, ...virtual].join(' ')}; then ${compare} tells whether it fails`
}

/** What is no address stands in the script. */
function targetFlags(target: string): string[] {
  return /^(?:https?:|mock:(?!of the script$))/.test(target) ? ['--target', quoted(target)] : []
}

/** As a POSIX shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
