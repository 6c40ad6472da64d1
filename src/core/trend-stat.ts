/** What k6's summary says of a trend. */
export interface TrendStat {
  /** As the option `summaryTrendStats` spells it: `avg`, `p(99.9)`. */
  readonly name: string
  readonly method: 'avg' | 'min' | 'max' | 'med' | 'count' | 'p'
  /** 0–100 for `p`. */
  readonly percent: number | undefined
}

const STAT = /^(?:(avg|min|med|max|count)|p\((\d+(?:\.\d+)?)\))$/

/** `undefined` for what is none of k6's statistics. */
export function parseTrendStat(name: string): TrendStat | undefined {
  const [, method, percent] = STAT.exec(name) ?? []
  if (method !== undefined) return { name, method: method as TrendStat['method'], percent: undefined }
  if (percent === undefined || Number(percent) > 100) return undefined
  return { name, method: 'p', percent: Number(percent) }
}

/** k6's default. */
export const DEFAULT_TREND_STATS: readonly TrendStat[] = [
  { name: 'avg', method: 'avg', percent: undefined },
  { name: 'min', method: 'min', percent: undefined },
  { name: 'med', method: 'med', percent: undefined },
  { name: 'max', method: 'max', percent: undefined },
  { name: 'p(90)', method: 'p', percent: 90 },
  { name: 'p(95)', method: 'p', percent: 95 },
]
