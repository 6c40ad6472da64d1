import { renderMarkdown } from '../../report/markdown.ts'
import { junitXml } from '../../run-files/formats/junit.ts'
import { openMetrics } from '../../run-files/formats/openmetrics.ts'
import type { RunReader } from '../../run-files/run-reader.ts'
import { summaryJsonSchema } from '../../run-files/summary-schema.ts'
import { htmlReport } from './html.ts'
import { jtlReport } from './jtl.ts'
import { latencyLogReport } from './latency-log.ts'

/** A document that follows from the directory of a run. */
export interface ReportFormat {
  /** As `--format` takes it. */
  readonly name: string
  /** In the directory of the run. */
  readonly fileName: string
  /** For the help: what it is for, and what the run must have kept. */
  readonly description: string
  /** Whether a run leaves it by itself when it ends. */
  readonly isOfEveryRun: boolean
  /**
   * The document, in pieces when it grows with the requests of the run.
   *
   * @throws UserError when the run has not kept what the document needs
   */
  readonly render: (run: RunReader) => Promise<string | AsyncIterable<string>>
}

export const REPORT_FORMATS: readonly ReportFormat[] = [
  {
    name: 'html',
    fileName: 'report.html',
    description: 'one page with every plot, to be read without a network',
    isOfEveryRun: true,
    render: htmlReport,
  },
  {
    name: 'markdown',
    fileName: 'summary.md',
    description: 'for a pull request, or the step summary of a CI job',
    isOfEveryRun: true,
    render: async ({ identity, summary }) => renderMarkdown(identity, summary),
  },
  {
    name: 'junit',
    fileName: 'junit.xml',
    description: 'thresholds as test cases, for CI servers',
    isOfEveryRun: true,
    render: async ({ identity, summary }) => junitXml(identity, summary),
  },
  {
    name: 'hlog',
    fileName: 'latency.hlog',
    description: 'histogram log for the HdrHistogram tools',
    isOfEveryRun: false,
    render: latencyLogReport,
  },
  {
    name: 'openmetrics',
    fileName: 'metrics.txt',
    description: 'OpenMetrics text, for Prometheus',
    isOfEveryRun: false,
    render: async (run) => openMetrics(run.identity, run.summary, await run.histograms()),
  },
  {
    name: 'jtl',
    fileName: 'results.jtl',
    description: 'results file for JMeter; needs a run with --raw',
    isOfEveryRun: false,
    render: jtlReport,
  },
  {
    name: 'schema',
    fileName: 'summary.schema.json',
    description: 'JSON Schema of summary.json',
    isOfEveryRun: false,
    render: async () => summaryJsonSchema(),
  },
]
