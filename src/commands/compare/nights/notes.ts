/** What a reader of a judgement must know besides its figures. */
import { ALL_NAMES } from '../../../measure/names.ts'
import { count } from '../../../report/format.ts'
import type { Family } from './family.ts'
import type { NightRun } from './night-run.ts'
import type { Past } from './past.ts'

/** Where the past begins, what was left out of it, and what is in it although it differs. */
export function selectionNotes(past: Past): string[] {
  return [...acceptanceNotes(past), ...leftOutNotes(past)]
}

/** What is mixed in the past, and what is not known of it. */
export function pastNotes(past: Past, head: NightRun, family: Family): string[] {
  const isByName = family.members.some(({ name }) => name !== ALL_NAMES)
  return [
    ...selectionNotes(past),
    ...machineNotes(past, head),
    ...(isByName ? keptNotes(past) : []),
    ...family.missing.map(
      (figure) => `${figure} was not measured tonight, as it was in past nights: nothing judges it`,
    ),
  ]
}

function acceptanceNotes({ acceptance }: Past): string[] {
  if (acceptance === undefined) return []
  const { runId, who, reason } = acceptance
  return [`the past begins with run ${runId}, whose level ${who} accepted: ${reason}`]
}

function leftOutNotes({ leftOut, allowed }: Past): string[] {
  return [
    ...(leftOut.size === 0 ? [] : [`runs that are no past nights: ${counted(leftOut)}`]),
    ...(allowed.size === 0 ? [] : [`past nights that differ, as allowed: ${counted(allowed)}`]),
  ]
}

/** `3 INVALID or cut short, 1 noisy`. */
function counted(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([reason, number]) => `${count(number)} ${reason}`).join(', ')
}

function machineNotes({ nights }: Past, { identity }: NightRun): string[] {
  const hosts = distinct([...nights.map(({ host }) => host), identity.host])
  const versions = distinct([...nights.map(({ nodeVersion }) => nodeVersion), identity.nodeVersion])
  const otherTargetCount = nights.filter(({ target }) => target !== identity.target).length
  return [
    ...(hosts.length > 1 ? [`the nights are from ${count(hosts.length)} hosts`] : []),
    ...(versions.length > 1 ? [`the nights are from several versions of Node: ${versions.join(', ')}`] : []),
    ...(otherTargetCount > 0
      ? [
          `${count(otherTargetCount)} of ${count(nights.length)} past nights had another target than ${identity.target}`,
        ]
      : []),
  ]
}

function keptNotes({ nights }: Past): string[] {
  const keptCount = nights.filter(({ names }) => names !== undefined).length
  if (keptCount === nights.length) return []
  return [
    `figures by request name are of ${count(keptCount)} of ${count(nights.length)} past nights: the directories of the others are gone`,
  ]
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '')
}
