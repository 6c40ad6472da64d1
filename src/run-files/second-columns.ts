import type { Phase } from '../measure/summary.ts'
import { csvRows } from './csv-reader.ts'

/** Columns of timeseries.csv after the warm-up: a value for each second, from the first one on. */
export interface SecondColumns {
  /** Since the start of the run. */
  readonly firstSecond: number
  readonly secondCount: number
  /** By request name, then by column; 0 in seconds before the name was first used, NaN where the file has no figure. */
  readonly names: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>
}

/**
 * Reads a few columns of all request names at once, without holding on to the rest of the file.
 *
 * @throws UserError (usage) when the file cannot be read
 */
export async function readSecondColumns(path: string, columns: readonly string[]): Promise<SecondColumns> {
  const names = new Map<string, Map<string, number[]>>()
  let firstSecond: number | undefined
  let secondCount = 0
  for await (const row of csvRows(path)) {
    if ((row.text('phase') as Phase) === 'warmup') continue
    firstSecond ??= row.count('second')
    const index = row.count('second') - firstSecond
    secondCount = Math.max(secondCount, index + 1)
    const name = row.text('name')
    const values = names.get(name) ?? new Map(columns.map((column) => [column, []]))
    names.set(name, values)
    for (const [column, series] of values) {
      while (series.length < index) series.push(0)
      series[index] = row.number(column) ?? NaN
    }
  }
  return { firstSecond: firstSecond ?? 0, secondCount, names }
}
