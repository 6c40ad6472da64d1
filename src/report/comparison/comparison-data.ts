import type { Comparison } from '../../stats/comparison.ts'
import type { QuantileRatio } from '../../stats/histogram-quantile.ts'

/** A run on one side of a comparison. Text is empty where nothing is known, as of a bare CSV file. */
export interface ComparedRun {
  readonly runId: string
  /** As the user may find it again: a run's directory, or a CSV file. */
  readonly path: string
  readonly scenario: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly verdict: 'VALID' | 'SUSPECT' | 'INVALID'
  readonly target: string
  readonly toolVersion: string
  readonly host: string
  readonly commit: string
}

/** 429 share of a side beside the one that the cap explains: 1 − cap/sent, 0 below the cap. */
export interface ThrottlingFigures {
  readonly side: 'base' | 'head'
  /** Request name, or `_all`. */
  readonly name: string
  readonly throttledRatio: number | undefined
  readonly expectedThrottledRatio: number | undefined
}

/** head/base of response times of accepted replies, by quantile: shows a shift of everything apart from a longer tail. */
export interface NameQuantileRatios {
  readonly name: string
  readonly ratios: readonly QuantileRatio[]
}

/** Everything that a comparison of two sides is written from, in whatever format. */
export interface ComparisonData {
  readonly base: readonly ComparedRun[]
  readonly head: readonly ComparedRun[]
  /** What differs between the sides beside the figures: script, options, target kind. Told, and allowed by the user. */
  readonly differences: readonly string[]
  /** By name, `_all` first, then by metric. */
  readonly comparisons: readonly Comparison[]
  readonly throttling: readonly ThrottlingFigures[]
  /** Empty without histograms. */
  readonly quantileRatios: readonly NameQuantileRatios[]
  /** What the files lack, runs left out, what to do for an interval. */
  readonly notes: readonly string[]
}
