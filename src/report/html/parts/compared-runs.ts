import type { ComparedRun } from '../../comparison/comparison-data.ts'
import { element } from '../markup.ts'
import { tableMarkup } from '../table.ts'

/** Which runs were held against each other: a row for each, with the side that it is on. */
export function comparedRuns(runs: readonly (readonly [side: string, run: ComparedRun])[]): string {
  const table = tableMarkup({
    caption: 'Empty where a file does not say.',
    head: ['side', 'run', 'scenario', 'started', 'generator', 'target', 'commit', 'host', 'headroom', 'path'],
    rows: runs.map(([side, run]) => [
      side,
      run.runId,
      run.scenario,
      run.startedAt,
      run.verdict,
      run.target,
      run.commit.slice(0, 12),
      run.host,
      run.toolVersion,
      run.path,
    ]),
  })
  return element('section', {}, element('h2', {}, 'What was compared'), table)
}
