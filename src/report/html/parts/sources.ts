import { element, escaped } from '../markup.ts'
import type { RunData } from '../run-data.ts'

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
export function sourcesPart(run: RunData): string {
  return [identitySection(run), dataSection(run), METHOD].join('')
}

function identitySection({ identity }: RunData): string {
  const { cpuCount, cpuModel, os, nodeVersion } = identity
  const rows: readonly (readonly [string, string])[] = [
    ['Run', identity.runId],
    ['Started', identity.time === 'virtual' ? '' : identity.wallStartedAt],
    ['Script', identity.scriptPath],
    ['Target', identity.target],
    ['Seed', identity.seed === undefined ? '' : String(identity.seed)],
    ['Commit', [identity.commit.slice(0, 12), identity.branch].filter((text) => text !== '').join(' on ')],
    ['Machine', [identity.host, cpuCount === undefined ? '' : `${cpuCount} × ${cpuModel}`, os].join(', ')],
    ['Versions', `headroom ${identity.toolVersion}, Node.js ${nodeVersion}`],
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

const METHOD = element(
  'section',
  { id: 'method' },
  element('h2', {}, 'How to read it'),
  element(
    'ul',
    {},
    ...[
      'Response time counts from when a request was due by the plan, so waiting for a virtual user or a connection is in it; service time counts from when it was sent.',
      'A throttled reply is an outcome of its own: neither an error nor a success, and its time is in no figure of accepted replies.',
      'Offered counts by the second in which a request was due, everything else by the second in which it was sent, whenever the reply came.',
      'Percentiles of seconds cannot be averaged: where a plot puts several seconds together it shows the highest.',
      'A percentile is shown when at least ten replies lie beyond it.',
    ].map((sentence) => element('li', {}, escaped(sentence))),
  ),
)
