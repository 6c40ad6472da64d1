import { HistogramLogWriter } from 'hdr-histogram-js'
import { doAll, type Steps } from '../core/steps.ts'
import { US_PER_MS, US_PER_S } from '../core/units.ts'
import { mergedHistogram } from '../measure/merged-histogram.ts'
import { ALL_NAMES } from '../measure/names.ts'
import type { SecondCell, SparseHistogram } from '../measure/snapshot.ts'
import type { HistogramRows } from '../measure/summary.ts'
import { compressHistogramInSteps } from './compressed-histogram.ts'
import { isoTime } from './run-facts.ts'

/** The standard readers split a line at commas and spaces: a tag with one of them reads back as no interval at all. */
const SAFE_TAG = /^[\w./:{}|?=-]+$/

/** A log of a day has no more lines than one of an hour, and takes no longer to write. */
const MOST_INTERVALS = 3_600

/** As the library's writer shows numbers. */
const FRACTIONS = new Intl.NumberFormat('en-US', {
  useGrouping: false,
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
})

/** In seconds since the start of the run. */
export interface LogInterval {
  readonly startS: number
  readonly endS: number
}

/**
 * Writes latency.hlog, a histogram log (format 1.3) for the standard HdrHistogram tools: response times in µs with three
 * significant digits, an interval a second (longer ones in runs of more than an hour). Accepted replies of all names have
 * no tag; those of one name and outcome have the tag `<name>.<outcome>`. The warm-up is left out, so that all intervals
 * together are what histogram.csv has.
 *
 * Source of the format: https://github.com/HdrHistogram/HdrHistogram, HistogramLogReader.
 */
export class LatencyLog {
  readonly #warmupS: number
  readonly #intervalS: number
  readonly #times = new TaggedTimes()
  /** Of the interval under way. */
  #startS: number
  /** The second after the last one that was added. */
  #nextS: number

  /** @param loadEndUs when the load is planned to end. */
  constructor({ warmupUs, loadEndUs }: { readonly warmupUs: number; readonly loadEndUs: number }) {
    this.#warmupS = warmupUs / US_PER_S
    this.#intervalS = Math.max(1, Math.ceil((loadEndUs - warmupUs) / US_PER_S / MOST_INTERVALS))
    this.#startS = this.#warmupS
    this.#nextS = this.#warmupS
  }

  /** Names without lines of their own: what they are made of cannot stand in a tag. */
  get refusedNames(): readonly string[] {
    return [...this.#times.refusedNames]
  }

  /** The lines of the intervals that are complete with these seconds, which come in order and without gaps. */
  add(cells: readonly SecondCell[]): string {
    return doAll(this.addInSteps(cells))
  }

  /** The same in steps: several for each line. */
  *addInSteps(cells: readonly SecondCell[]): Steps<string> {
    let lines = ''
    for (const { second, names } of cells) {
      if (second < this.#warmupS) continue
      for (const { name, histograms } of names) {
        for (const times of histograms) this.#times.add({ name, ...times })
      }
      this.#nextS = second + 1
      if (this.#nextS - this.#startS >= this.#intervalS) lines += yield* this.#endInSteps()
    }
    return lines
  }

  /** The lines of the interval under way, complete or not. */
  end(): string {
    return doAll(this.#endInSteps())
  }

  *#endInSteps(): Steps<string> {
    if (this.#nextS === this.#startS) return ''
    const lines = yield* this.#times.takeLines({ startS: this.#startS, endS: this.#nextS })
    this.#startS = this.#nextS
    return lines
  }
}

/** The first lines of a histogram log. @param epochMs what second 0 is called, milliseconds since 1970. */
export function latencyLogHeader(epochMs: number): string {
  return logText((writer) => {
    writer.outputComment('[Response times in microseconds. Tag: <name>.<outcome>; without one: all accepted]')
    writer.outputLogFormatVersion()
    // The library's own line ends in the local time of the machine.
    writer.outputComment(
      `[StartTime: ${(epochMs / 1_000).toFixed(3)} (seconds since epoch), ${isoTime(epochMs)}]`,
    )
    writer.outputLegend()
  })
}

/** A histogram log of one interval, the whole measured part of a run, which is all that histogram.csv can tell. */
export function wholeRunLatencyLog(
  epochMs: number,
  interval: LogInterval,
  histograms: readonly HistogramRows[],
): string {
  const times = new TaggedTimes()
  for (const rows of histograms) {
    if (rows.name !== ALL_NAMES) times.add({ ...rows, histogram: inOrder(rows.histogram) })
  }
  return latencyLogHeader(epochMs) + doAll(times.takeLines(interval))
}

/** Whoever has edited histogram.csv may have sorted its rows in another way. */
function inOrder({ lowUs, counts }: SparseHistogram): SparseHistogram {
  return mergedHistogram(lowUs.map((us, i) => ({ lowUs: [us], counts: [counts[i] ?? 0] })))
}

/** The response times of one interval, by tag. */
class TaggedTimes {
  readonly refusedNames: Set<string> = new Set()
  #all: SparseHistogram[] = []
  #byTag = new Map<string, SparseHistogram[]>()

  add({ name, outcome, measure, histogram }: HistogramRows): void {
    if (measure !== 'response_time' || outcome === null) return
    if (outcome === 'accepted') this.#all.push(histogram)
    if (!SAFE_TAG.test(name)) return void this.refusedNames.add(name)
    const tag = `${name}.${outcome}`
    const times = this.#byTag.get(tag)
    if (times === undefined) this.#byTag.set(tag, [histogram])
    else times.push(histogram)
  }

  /**
   * Gives the lines, step by step, and begins anew. The untagged line is there though nothing was accepted: the log
   * has no gaps.
   */
  *takeLines({ startS, endS }: LogInterval): Steps<string> {
    const interval = `${seconds(startS)},${seconds(endS - startS)}`
    const all = mergedHistogram(this.#all)
    const allFields = yield* histogramFields(all)
    let lines = `${interval},${allFields}\n`
    for (const [tag, times] of this.#byTag) {
      yield
      const histogram = mergedHistogram(times)
      // In a run with one name its accepted replies are all there are.
      const fields = histogram === all ? allFields : yield* histogramFields(histogram)
      lines += `Tag=${tag},${interval},${fields}\n`
    }
    yield
    this.#all = []
    this.#byTag = new Map()
    return lines
  }
}

/** With three decimals. What is no whole number is rare, and takes some ten µs. */
function seconds(value: number): string {
  return Number.isInteger(value) ? value.toFixed(3) : FRACTIONS.format(value)
}

/** The maximum in ms, which is the lower bound of its bucket, and the histogram. */
function* histogramFields(histogram: SparseHistogram): Steps<string> {
  const maxMs = (histogram.lowUs.at(-1) ?? 0) / US_PER_MS
  return `${maxMs.toFixed(3)},${yield* compressHistogramInSteps(histogram)}`
}

function logText(write: (writer: HistogramLogWriter) => void): string {
  let text = ''
  write(
    new HistogramLogWriter((line) => {
      text += line
    }),
  )
  return text
}
