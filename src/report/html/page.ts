import { CLIENT_SCRIPT } from './client-script.ts'
import { htmlDocument } from './document.ts'
import { figure } from './figure.ts'
import { element } from './markup.ts'
import { baselinePart } from './parts/baseline.ts'
import { checksPart, figuresPart, metricsPart, namesPart } from './parts/figures.ts'
import { gapsPart } from './parts/gaps.ts'
import { sourcesPart } from './parts/sources.ts'
import { thresholdPart, verdictPart } from './parts/verdict.ts'
import { burstsPlot } from './plots/bursts.ts'
import { plotContext, type PlotContext } from './plots/context.ts'
import { distributionPlot } from './plots/distribution.ts'
import { heatPlot } from './plots/heat.ts'
import { inFlightPlot } from './plots/in-flight.ts'
import { latencyPlot } from './plots/latency.ts'
import { namesPlot } from './plots/names.ts'
import { outcomesPlot } from './plots/outcomes.ts'
import { ratePlot } from './plots/rate.ts'
import { retriesPlot } from './plots/retries.ts'
import { trendPlot } from './plots/trend.ts'
import type { AbsentPlot, Plot } from './plot.ts'
import type { RunData } from './run-data.ts'

/** uPlot, as its package has it: script and stylesheet. */
export interface ZoomLibrary {
  readonly script: string
  readonly stylesheet: string
}

/** In the order in which they stand on the page. */
const PLOTS: readonly ((context: PlotContext) => Plot | AbsentPlot)[] = [
  ratePlot,
  outcomesPlot,
  latencyPlot,
  heatPlot,
  distributionPlot,
  burstsPlot,
  retriesPlot,
  inFlightPlot,
  namesPlot,
  trendPlot,
]

/**
 * report.html: a run on one page that needs no network and, but for zooming, no scripts. Every text that is not of our
 * own making is escaped.
 */
export function renderHtml(run: RunData, zoomLibrary: ZoomLibrary): string {
  const context = plotContext(run)
  const { summary, seconds } = run
  const { origin } = context
  const main = [
    verdictPart(run),
    thresholdPart(summary.thresholds),
    figuresPart(summary, origin),
    element('h2', {}, 'Plots'),
    element('div', { class: 'plots' }, ...PLOTS.map((plot) => figure(plot(context)))),
    namesPart(summary.names, origin),
    gapsPart(seconds, summary.names),
    baselinePart(run.comparison),
    checksPart(summary.checks),
    metricsPart(summary.metrics, origin),
    sourcesPart(run, origin),
  ]
  return htmlDocument(run.identity.scenario, main, {
    stylesheet: zoomLibrary.stylesheet,
    scripts: [zoomLibrary.script, CLIENT_SCRIPT],
  })
}
