import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CsvRow } from '../../../src/run-files/csv-reader.ts'
import { jtl } from '../../../src/run-files/formats/jtl.ts'
import { readCsvRows } from '../../support/csv-reader.ts'

const ACCEPTED = {
  second: '4',
  sent_at: '2026-11-21T02:17:04.123456Z',
  warmup: 'false',
  name: 'rank',
  scenario: 'steady',
  vu: '7',
  outcome: 'accepted',
  status: '201',
  error: '',
  service_time_ms: '12.6',
  first_byte_ms: '11.4',
  connecting_ms: '1.5',
  sent_bytes: '500',
  received_bytes: '700',
}

async function* rowsOf(requests: readonly Record<string, string>[]): AsyncGenerator<CsvRow> {
  for (const request of requests) {
    const header = new Map(Object.keys(request).map((name, index) => [name, index]))
    yield new CsvRow(header, Object.values(request))
  }
}

async function samplesOf(requests: readonly Record<string, string>[]): Promise<Record<string, string>[]> {
  const pieces: string[] = []
  for await (const piece of jtl(rowsOf(requests), new Map([[4, 9]]))) pieces.push(piece)
  return readCsvRows(pieces.join(''))
}

it('writes the columns of JMeter for each request', async () => {
  expect(await samplesOf([ACCEPTED])).toEqual([
    {
      timeStamp: String(Date.UTC(2026, 10, 21, 2, 17, 4, 123)),
      elapsed: '13',
      label: 'rank',
      responseCode: '201',
      responseMessage: 'accepted',
      threadName: 'steady 1-7',
      dataType: 'text',
      success: 'true',
      failureMessage: '',
      bytes: '700',
      sentBytes: '500',
      grpThreads: '9',
      allThreads: '9',
      URL: 'null',
      Latency: '11',
      IdleTime: '0',
      Connect: '2',
    },
  ])
})

/** What JMeter writes by default, in its order: the properties jmeter.save.saveservice.* as it comes. */
const COLUMNS =
  'timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect'

/** The columns of what https://jmeter.apache.org/usermanual/generating-dashboard.html asks for, by its properties. */
const DASHBOARD: Readonly<Record<string, readonly string[]>> = {
  bytes: ['bytes'],
  label: ['label'],
  latency: ['Latency'],
  response_code: ['responseCode'],
  response_message: ['responseMessage'],
  successful: ['success'],
  thread_counts: ['grpThreads', 'allThreads'],
  thread_name: ['threadName'],
  time: ['elapsed'],
  connect_time: ['Connect'],
  assertion_results_failure_message: ['failureMessage'],
  timestamp_format: ['timeStamp'],
}

it('has the columns that JMeter has by default, and all that its dashboard needs', async () => {
  const [sample = {}] = await samplesOf([ACCEPTED])
  expect(Object.keys(sample).join(',')).toBe(COLUMNS)
  expect(COLUMNS.split(',')).toEqual(expect.arrayContaining(Object.values(DASHBOARD).flat()))
})

it('has the columns that results/README.md explains', () => {
  const readme = readFileSync(new URL('../../../results/README.md', import.meta.url), 'utf8')
  const section = readme.split(/^## /m).find((text) => text.startsWith('results.jtl\n')) ?? ''
  const rows = [...section.matchAll(/^\| ([^|]+) \|[^|]*\|$/gm)].slice(1)
  const explained = rows.flatMap(([, names = '']) => names.split(', '))
  expect(explained.filter((name) => name !== '---').sort()).toEqual(COLUMNS.split(',').sort())
})

it('keeps what was not accepted under a label of its own', async () => {
  const throttled = { ...ACCEPTED, outcome: 'throttled', status: '429' }
  const reset = { ...ACCEPTED, outcome: 'network_error', status: '', error: 'reset', first_byte_ms: '' }
  expect(await samplesOf([throttled, reset])).toMatchObject([
    { label: 'rank [throttled]', success: 'false', responseCode: '429', failureMessage: 'throttled' },
    { label: 'rank [network_error]', responseCode: 'Non HTTP response code: reset', Latency: '0' },
  ])
})

it('leaves out the warm-up and what was cut off', async () => {
  const warmup = { ...ACCEPTED, warmup: 'true' }
  const aborted = { ...ACCEPTED, outcome: 'aborted', service_time_ms: '' }
  expect(await samplesOf([warmup, aborted])).toEqual([])
})

it('loses no request between its pieces', async () => {
  const requests = Array.from({ length: 2_500 }, (_, i) => ({ ...ACCEPTED, vu: String(i) }))
  const samples = await samplesOf(requests)
  expect(samples.map(({ threadName }) => threadName)).toEqual(requests.map(({ vu }) => `steady 1-${vu}`))
})
