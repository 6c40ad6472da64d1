import { relative } from 'node:path'
import { formatDuration } from '../../core/units.ts'
import type { RunSummary } from '../../measure/summary.ts'
import type { RunFacts } from '../../run-files/run-facts.ts'
import type { Io } from '../io.ts'
import { findings } from './findings.ts'
import type { ClosedCall, SaturateRequest } from './request.ts'
import type { SaturationEnd } from './saturation.ts'
import { stepsTable } from './steps-table.ts'

/** A finished saturation with everything that is told about it. */
interface SaturationReport {
  readonly request: SaturateRequest
  readonly call: ClosedCall
  readonly facts: RunFacts
  readonly end: SaturationEnd
  readonly summary: RunSummary
  readonly ceilingRps: number | undefined
  /** The run's directory. */
  readonly path: string
}

/** Prints the steps and what they show, and where the files are. */
export function reportSaturation(report: SaturationReport, io: Io): void {
  const { request, path } = report
  const shownPath = `${relative(io.cwd, path) || '.'}/`
  if (!request.quiet) {
    io.stderr.write(`\n${[...linesOf(report), `Results  ${shownPath}`].join('\n')}\n`)
  }
  // On a terminal the summary has said it already.
  if (request.quiet || !io.stdout.isTTY) io.stdout.write(`${shownPath}\n`)
}

function linesOf({ request, call, facts, end, summary, ceilingRps }: SaturationReport): string[] {
  const length = formatDuration(request.stepDurationUs)
  return [
    `Closed model, autocannon: ${call.method} ${facts.target}, ${length} a step; latencies of accepted replies`,
    ...stepsTable(end.steps, summary.names),
    ...findings(end.steps, ceilingRps),
    ...summary.warnings.map((warning) => `warning: ${warning}`),
  ]
}
