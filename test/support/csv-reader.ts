/**
 * A strict reader of RFC 4180 that shares nothing with what writes the files: CRLF after every record, quotes only
 * around a whole field and doubled inside, no CR, LF or quote outside of quotes, every record as long as the first.
 */
export function readCsv(text: string): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < text.length) {
    const record: string[] = []
    for (;;) {
      const match = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
      match.lastIndex = at
      const found = match.exec(text)
      if (found === null)
        throw new Error(`not RFC 4180 at character ${at}: ${JSON.stringify(text.slice(at, at + 40))}`)
      at = match.lastIndex
      record.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
      if (found[3] === '\r\n') break
    }
    records.push(record)
    if (record.length !== records[0]?.length)
      throw new Error(`record ${records.length} has ${record.length} fields`)
  }
  return records
}

/** Records as objects under the names of the header. */
export function readCsvRows(text: string): Record<string, string>[] {
  const [header = [], ...records] = readCsv(text)
  return records.map((record) => Object.fromEntries(header.map((name, i) => [name, record[i] ?? ''])))
}
