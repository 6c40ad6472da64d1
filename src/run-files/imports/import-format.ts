/** Which tool has written a file, seen from its first line. */

export type SampleFormat = 'k6-csv' | 'k6-json' | 'jmeter-jtl'
export type LocustTable = 'locust-stats' | 'locust-history' | 'locust-failures' | 'locust-exceptions'
export type ImportFormat = SampleFormat | LocustTable

/** As they are called in messages. */
export const FORMAT_TITLES: Readonly<Record<ImportFormat, string>> = {
  'k6-csv': 'k6 CSV',
  'k6-json': 'k6 JSON',
  'jmeter-jtl': 'JMeter JTL',
  'locust-stats': 'Locust _stats.csv',
  'locust-history': 'Locust _stats_history.csv',
  'locust-failures': 'Locust _failures.csv',
  'locust-exceptions': 'Locust _exceptions.csv',
}

/** The columns by which a header is known. */
const HEADERS: readonly (readonly [ImportFormat, readonly string[]])[] = [
  ['k6-csv', ['metric_name', 'timestamp', 'metric_value']],
  ['jmeter-jtl', ['timeStamp', 'elapsed', 'label', 'responseCode']],
  ['locust-history', ['Timestamp', 'User Count', 'Name', 'Total Request Count']],
  ['locust-stats', ['Type', 'Name', 'Request Count', 'Failure Count']],
  ['locust-failures', ['Method', 'Name', 'Error', 'Occurrences']],
  ['locust-exceptions', ['Count', 'Message', 'Traceback']],
]

/** What stands between the columns of this header: JMeter lets people choose. */
export function delimiterOf(firstLine: string): string {
  return /^"?\w+"?([,;\t|])/.exec(firstLine)?.[1] ?? ','
}

/** `undefined` for a file of no known tool. */
export function formatOf(firstLine: string): ImportFormat | undefined {
  if (firstLine.startsWith('{')) return isK6Json(firstLine) ? 'k6-json' : undefined
  const columns = firstLine.split(delimiterOf(firstLine)).map((column) => column.replaceAll('"', '').trim())
  return HEADERS.find(([, wanted]) => wanted.every((column) => columns.includes(column)))?.[0]
}

/** What to do with a file of no known format. */
export function adviceFor(firstLine: string): string {
  if (firstLine.startsWith('<')) {
    return 'XML is not read: set jmeter.save.saveservice.output_format=csv'
  }
  if (/^\d{10,13}[,;\t|]\d+[,;\t|]/.test(firstLine)) {
    return 'A JTL file needs its header: set jmeter.save.saveservice.print_field_names=true'
  }
  if (firstLine.startsWith('{')) return 'A summary has no samples: write them with k6 run --out json=FILE'
  return 'Give what k6 --out csv= or json=, jmeter -l or locust --csv has written.'
}

function isK6Json(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 'metric' in value && 'type' in value
  } catch {
    return false
  }
}
