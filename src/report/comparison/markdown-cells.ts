import type { Comparison } from '../../stats/comparison.ts'
import { escaped } from '../markdown.ts'
import type { ComparedRun } from './comparison-data.ts'
import { changeText, intervalText, metricLabel, metricValue, nameLabel } from './words.ts'

export const RUN_HEAD: readonly string[] = ['', 'Run', 'Generator', 'Started', 'Target', 'Commit']

/** The cells of a run under `RUN_HEAD`. */
export function runCells(label: string, run: ComparedRun): string[] {
  return [label, run.path, run.verdict, run.startedAt, run.target, run.commit.slice(0, 12)].map(escaped)
}

/** The first cells of a figure's row: what it was, is, and may have changed by. */
export function changeCells(comparison: Comparison): string[] {
  const { metric, name, base, head, change, interval, verdict } = comparison
  const isChanged = verdict === 'regressed' || verdict === 'improved'
  return [
    isChanged ? `**${verdict}**` : verdict,
    ...[
      nameLabel(name),
      metricLabel(metric),
      metricValue(metric, base),
      metricValue(metric, head),
      changeText(metric, change),
      intervalText(metric, interval),
    ].map(escaped),
  ]
}

export function bulletList(label: string, texts: readonly string[]): string {
  return texts.map((text) => `- ${label}${escaped(text)}`).join('\n')
}
