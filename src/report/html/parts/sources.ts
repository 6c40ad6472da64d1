import type { RunIdentity } from '../../../measure/run-identity.ts'
import type { Origin } from '../../origin.ts'
import { element, escaped } from '../markup.ts'
import type { RunData } from '../run-data.ts'
import { sentences } from './sentences.ts'

const FILES = [
  'summary.csv',
  'timeseries.csv',
  'histogram.csv',
  'burst.csv',
  'thresholds.csv',
  'summary.json',
  'manifest.json',
]

/** A longer file is linked and not carried along: 200 names make one of 100 kB. */
const MOST_CARRIED_CHARACTERS = 40_000

/** Who ran what where, and where the exact figures stand. */
export function sourcesPart(run: RunData, origin: Origin): string {
  return [identitySection(run, origin), dataSection(run), sentences('How to read it', methodOf(origin))].join(
    '',
  )
}

function identitySection({ identity }: RunData, origin: Origin): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Run', identity.runId],
    ['Started', identity.time === 'virtual' ? '' : identity.wallStartedAt],
    ['Script', identity.scriptPath],
    ['Target', identity.target],
    ['Seed', identity.seed === undefined || origin !== 'planned' ? '' : String(identity.seed)],
    ['Commit', [identity.commit.slice(0, 12), identity.branch].filter((text) => text !== '').join(' on ')],
    ['Machine', machineText(identity)],
    ['Versions', versionText(identity)],
  ]
  const items = rows
    .filter(([, text]) => text !== '')
    .flatMap(([label, text]) => [element('dt', {}, label), element('dd', {}, escaped(text))])
  return element(
    'section',
    {},
    element('h2', {}, 'What was run where'),
    element('dl', { class: 'figures' }, ...items),
  )
}

/** Empty where nothing is known of it, as of an import. */
function machineText({ host, cpuCount = 0, cpuModel, os }: RunIdentity): string {
  const processors = cpuCount === 0 ? cpuModel : `${cpuCount} × ${cpuModel}`
  return [host, processors, os].filter((text) => text !== '').join(', ')
}

function versionText({ toolVersion, nodeVersion }: RunIdentity): string {
  return `headroom ${toolVersion}${nodeVersion === '' ? '' : `, Node.js ${nodeVersion}`}`
}

function dataSection({ summaryCsv, lacks }: RunData): string {
  const links = FILES.map((name) => element('li', {}, element('a', { href: name }, name)))
  const carried =
    summaryCsv.length > MOST_CARRIED_CHARACTERS
      ? ''
      : element(
          'details',
          { id: 'csv' },
          element('summary', {}, 'summary.csv, to be copied'),
          element('pre', { tabindex: 0 }, escaped(summaryCsv.replaceAll('\r\n', '\n'))),
        )
  return element(
    'section',
    { id: 'data' },
    element('h2', {}, 'Data'),
    element('p', {}, 'The files of the run, beside this page:'),
    element('ul', { class: 'links' }, ...links),
    carried,
    ...lacks.map((lack) => element('p', { class: 'absent' }, escaped(`Left out: ${lack}.`))),
  )
}

const MEASURED: Readonly<Record<Origin, readonly string[]>> = {
  planned: [
    'Response time counts from when a request was due by the plan, so waiting for a virtual user or a connection is in it; service time counts from when it was sent.',
    'Offered counts by the second in which a request was due, everything else by the second in which it was sent, whenever the reply came.',
  ],
  closed: [
    'Response time counts from when a request was sent, as service time does: without a plan nothing is due.',
    'Everything counts by the second in which a request was sent, whenever the reply came.',
  ],
  imported: [
    'Response time counts from when a request was sent, as service time does: the source does not say when it was due.',
    'Requests count in the seconds in which the source has them.',
  ],
}

function methodOf(origin: Origin): string[] {
  return [
    ...MEASURED[origin],
    'A throttled reply is an outcome of its own: neither an error nor a success, and its time is in no figure of accepted replies.',
    'Percentiles of seconds cannot be averaged: where a plot puts several seconds together it shows the highest.',
    'Among the requests by name a p99 needs 1,000 replies and a p99.9 needs 10,000: with fewer, not even ten lie beyond it.',
  ]
}
