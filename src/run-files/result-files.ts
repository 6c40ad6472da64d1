import type { RunSummary } from '../measure/summary.ts'
import { burstCsv } from './burst-csv.ts'
import { SCHEMA_VERSION } from './csv.ts'
import { histogramCsv } from './histogram-csv.ts'
import { isoTime, type RunFacts } from './run-facts.ts'
import { summaryCsv } from './summary-csv.ts'
import { thresholdsCsv } from './thresholds-csv.ts'

export interface TextFile {
  readonly name: string
  readonly text: string
}

/** Every file of the run directory that follows from the summary of the finished run. */
export function resultFiles(facts: RunFacts, summary: RunSummary): readonly TextFile[] {
  return [
    { name: 'summary.csv', text: summaryCsv(facts, summary) },
    { name: 'histogram.csv', text: histogramCsv(facts, summary.histograms) },
    { name: 'burst.csv', text: burstCsv(facts, summary.burst) },
    { name: 'thresholds.csv', text: thresholdsCsv(facts, summary.thresholds) },
    { name: 'summary.json', text: summaryJson(facts, summary) },
  ]
}

/** The summary as the program has it, times in µs; the histograms stand in histogram.csv only. */
function summaryJson(facts: RunFacts, summary: RunSummary): string {
  const { histograms: _, ...rest } = summary
  const identity = {
    schemaVersion: SCHEMA_VERSION,
    runId: facts.runId,
    startedAt: isoTime(facts.epochMs),
    scenario: facts.scenario,
  }
  return `${JSON.stringify({ ...identity, ...rest }, absentUnlessKnown, 2)}\n`
}

/** What an imported run does not know stands in no field. */
function absentUnlessKnown(_key: string, value: unknown): unknown {
  return Number.isNaN(value) ? undefined : value
}
