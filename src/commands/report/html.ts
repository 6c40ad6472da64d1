import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { ALL_NAMES } from '../../measure/names.ts'
import type { ZoomLibrary } from '../../report/html/page.ts'
import { renderHtml } from '../../report/html/page.ts'
import type { RunReader } from '../../run-files/run-reader.ts'
import { GATED_METRICS } from '../../stats/metric.ts'
import { againstBaseline } from './baseline.ts'

/** report.html of a run. */
export async function htmlReport(run: RunReader): Promise<string> {
  const [seconds, histograms, latency, history, summaryCsv] = await Promise.all([
    run.seconds(ALL_NAMES),
    run.histograms(),
    run.latencyIntervals(),
    run.history(GATED_METRICS.map(({ column }) => column)),
    run.summaryCsv(),
  ])
  const { baseline, comparison, lacks } = await againstBaseline(run, history)
  const { identity, summary } = run
  return renderHtml(
    {
      identity,
      summary: { ...summary, histograms },
      seconds,
      latency,
      history,
      baseline,
      comparison,
      summaryCsv,
      lacks: [...run.lacks, ...lacks],
    },
    await zoomLibrary(),
  )
}

/** uPlot as its package has it. */
async function zoomLibrary(): Promise<ZoomLibrary> {
  const require = createRequire(import.meta.url)
  const read = (file: string): Promise<string> => readFile(require.resolve(`uplot/dist/${file}`), 'utf8')
  const [script, stylesheet] = await Promise.all([read('uPlot.iife.min.js'), read('uPlot.min.css')])
  return { script, stylesheet }
}
