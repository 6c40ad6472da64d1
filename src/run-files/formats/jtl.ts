import { type Column, csvHeader, csvRows, number, text } from '../csv.ts'
import type { CsvRow } from '../csv-reader.ts'

/** A row of requests.csv.gz, and how many requests were under way in its second. */
interface Sample {
  readonly request: CsvRow
  readonly inflightCount: number
}

/** JMeter's words for a request that got no reply. */
const NO_REPLY = 'Non HTTP response code'

/** The columns that JMeter writes by default, in its order: times in whole ms, bytes, epoch in ms. */
const COLUMNS: readonly Column<Sample>[] = [
  number('timeStamp', ({ request }) => Date.parse(request.text('sent_at'))),
  number('elapsed', ({ request }) => wholeMs(request, 'service_time_ms')),
  text('label', ({ request }) => labelOf(request)),
  text('responseCode', ({ request }) => request.text('status') || `${NO_REPLY}: ${request.text('error')}`),
  text('responseMessage', ({ request }) => request.text('outcome')),
  text('threadName', ({ request }) => `${request.text('scenario')} 1-${request.text('vu')}`),
  text('dataType', () => 'text'),
  text('success', ({ request }) => String(request.text('outcome') === 'accepted')),
  text('failureMessage', ({ request }) =>
    request.text('outcome') === 'accepted' ? '' : request.text('outcome'),
  ),
  number('bytes', ({ request }) => request.count('received_bytes')),
  number('sentBytes', ({ request }) => request.count('sent_bytes')),
  number('grpThreads', ({ inflightCount }) => inflightCount),
  number('allThreads', ({ inflightCount }) => inflightCount),
  // Keys stand in URLs at times.
  text('URL', () => 'null'),
  number('Latency', ({ request }) => wholeMs(request, 'first_byte_ms')),
  number('IdleTime', () => 0),
  number('Connect', ({ request }) => wholeMs(request, 'connecting_ms')),
]

function wholeMs(request: CsvRow, column: string): number {
  return Math.round(request.number(column) ?? 0)
}

/** JMeter takes every sample of a label into its percentiles, so what was not accepted gets a label of its own. */
function labelOf(request: CsvRow): string {
  const outcome = request.text('outcome')
  return outcome === 'accepted' ? request.text('name') : `${request.text('name')} [${outcome}]`
}

const ROWS_PER_PIECE = 1_000

/**
 * A results file of JMeter (JTL, CSV) from requests.csv.gz, in pieces: it has a line for every request. The warm-up is
 * left out, and so are requests that were cut off at the end of the run, which took no time that says anything.
 *
 * @param inflightBySecond how many requests were under way at most: what JMeter shows as active threads
 */
export async function* jtl(
  requests: AsyncIterable<CsvRow>,
  inflightBySecond: ReadonlyMap<number, number>,
): AsyncGenerator<string, void, undefined> {
  yield csvHeader(COLUMNS)
  let samples: Sample[] = []
  for await (const request of requests) {
    if (request.text('warmup') === 'true' || request.text('outcome') === 'aborted') continue
    samples.push({ request, inflightCount: inflightBySecond.get(request.count('second')) ?? 0 })
    if (samples.length < ROWS_PER_PIECE) continue
    yield csvRows(COLUMNS, samples)
    samples = []
  }
  yield csvRows(COLUMNS, samples)
}
