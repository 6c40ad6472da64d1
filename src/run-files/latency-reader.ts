import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { HistogramLogReader, type JsHistogram } from 'hdr-histogram-js'
import { ALL_NAMES } from '../measure/names.ts'
import type { SparseHistogram } from '../measure/snapshot.ts'
import { unreadable } from './csv-reader.ts'

/** Response times of the accepted replies of an interval. */
export interface LatencyInterval {
  /** Since the start of the run. */
  readonly startS: number
  readonly lengthS: number
  readonly histogram: SparseHistogram
}

/**
 * Response times of accepted replies from a histogram log, in µs, by request name. Goes through the file line by line
 * and decodes, which is what takes the time, only what is asked for.
 *
 * @param epochMs what second 0 of the run is called, milliseconds since 1970
 * @param names `_all` is what has no tag; a name that no tag can hold has no intervals
 * @throws UserError (usage) when the file cannot be read
 */
export async function readLatency(
  path: string,
  epochMs: number,
  names: readonly string[],
): Promise<Map<string, LatencyInterval[]>> {
  const byName = new Map(names.map((name): [string, LatencyInterval[]] => [name, []]))
  const source = createReadStream(path)
  try {
    let startTime = ''
    for await (const line of createInterface({ input: source, crlfDelay: Infinity })) {
      if (line.startsWith('#[StartTime:')) startTime = line
      const name = nameOf(line)
      const intervals = name === undefined ? undefined : byName.get(name)
      intervals?.push(...decoded(`${startTime}\n${line}`, epochMs))
    }
  } catch (error) {
    throw unreadable(path, error)
  } finally {
    source.destroy()
  }
  return byName
}

/** Whose accepted replies a line is about. */
function nameOf(line: string): string | undefined {
  if (/^\d/.test(line)) return ALL_NAMES
  return /^Tag=([^,]*)\.accepted,/.exec(line)?.[1]
}

/** The interval of one line of a log, behind the line that says when the run started. */
function decoded(log: string, epochMs: number): LatencyInterval[] {
  // Without WebAssembly, which is not asked for, the library decodes into one of its JavaScript kinds.
  const histogram = new HistogramLogReader(log).nextIntervalHistogram() as JsHistogram | null
  if (histogram === null) return []
  const { startTimeStampMsec, endTimeStampMsec } = histogram
  const startS = (startTimeStampMsec - epochMs) / 1_000
  const lengthS = (endTimeStampMsec - startTimeStampMsec) / 1_000
  return [{ startS, lengthS, histogram: sparse(histogram) }]
}

function sparse(histogram: JsHistogram): SparseHistogram {
  const lowUs: number[] = []
  const counts: number[] = []
  const end = histogram.totalCount === 0 ? 0 : histogram.countsArrayIndex(histogram.maxValue) + 1
  for (let index = 0; index < end; index++) {
    const count = histogram.getCountAtIndex(index)
    if (count === 0) continue
    lowUs.push(histogram.valueFromIndex(index))
    counts.push(count)
  }
  return { lowUs, counts }
}
