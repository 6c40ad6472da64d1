import { CLIENT_SCRIPT } from './client-script.ts'
import { figure } from './figure.ts'
import { element, escaped } from './markup.ts'
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
import { STYLESHEET } from './stylesheet.ts'

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

/** Nothing may be fetched, from nowhere: the page is whole as it is. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/**
 * report.html: a run on one page that needs no network and, but for zooming, no scripts. Every text that is not of our
 * own making is escaped.
 */
export function renderHtml(run: RunData, zoomLibrary: ZoomLibrary): string {
  const context = plotContext(run)
  const { summary, seconds } = run
  const main = [
    verdictPart(run),
    thresholdPart(summary.thresholds),
    figuresPart(summary),
    element('h2', {}, 'Plots'),
    element('div', { class: 'plots' }, ...PLOTS.map((plot) => figure(plot(context)))),
    namesPart(summary.names),
    gapsPart(seconds, summary.names),
    checksPart(summary.checks),
    metricsPart(summary.metrics),
    sourcesPart(run),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(run.identity.scenario)} – headroom</title>
<style>${zoomLibrary.stylesheet}${STYLESHEET}</style>
</head>
<body>
${element('main', {}, ...main)}
${script(zoomLibrary.script)}
${script(CLIENT_SCRIPT)}
</body>
</html>
`
}

/** A script must not hold its own end. */
function script(text: string): string {
  return `<script>${text.replaceAll('</script', String.raw`<\/script`)}</script>`
}
