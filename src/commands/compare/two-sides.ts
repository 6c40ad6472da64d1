import { EXIT, type ExitCode } from '../../core/errors.ts'
import { comparisonAnnotations } from '../../report/comparison/annotations.ts'
import type { ComparisonData } from '../../report/comparison/comparison-data.ts'
import { renderComparisonMarkdown } from '../../report/comparison/comparison-markdown.ts'
import { renderComparisonText } from '../../report/comparison/comparison-text.ts'
import { renderComparisonHtml } from '../../report/html/comparison-page.ts'
import { comparisonCsv } from '../../run-files/comparison-csv.ts'
import { comparisonJson } from '../../run-files/comparison-json.ts'
import { isRegression } from '../../stats/comparison.ts'
import type { Io } from '../io.ts'
import { comparisonOf } from './comparison.ts'
import { deliver, type Documents } from './deliver.ts'
import { assertComparable, differencesBetween } from './differences.ts'
import { githubStep } from './github.ts'
import type { AllowedDifference, OutputRequest } from './nights/request.ts'
import { assertNotEmpty, validRuns } from './side-notes.ts'
import { sidesAt } from './side-run.ts'

/** `headroom compare BASE HEAD`. */
export interface TwoSidesRequest extends OutputRequest {
  /** Run directories or CSV files, as given. */
  readonly base: readonly string[]
  readonly head: readonly string[]
  readonly allowed: readonly AllowedDifference[]
}

/**
 * Compares two sides and writes what was found.
 *
 * @returns 4 when a metric regressed by more than runs differ from each other, otherwise 0
 * @throws UserError (usage) for paths that are no runs and for runs of different things, (3) when a side has only INVALID runs
 */
export async function runTwoSides(request: TwoSidesRequest, io: Io): Promise<ExitCode> {
  const step = request.github ? githubStep(io) : undefined
  const [base, head] = await sidesAt(request.base, request.head, io.cwd)
  const [validBase, validHead] = [validRuns(base), validRuns(head)]
  assertNotEmpty([
    [validBase, base],
    [validHead, head],
  ])
  assertComparable(differencesBetween([...validBase.runs, ...validHead.runs]), request.allowed)
  const compared = await comparisonOf(validBase.runs, validHead.runs)
  const data = { ...compared, notes: [...validBase.notes, ...validHead.notes, ...compared.notes] }
  await deliver(documentsOf(data), request, io)
  await step?.tell({
    markdown: renderComparisonMarkdown(data),
    annotations: comparisonAnnotations(data),
    isCandidate: data.comparisons.some(({ verdict }) => verdict === 'regressed'),
  })
  return data.comparisons.some(isRegression) ? EXIT.regression : EXIT.pass
}

function documentsOf(data: ComparisonData): Documents {
  return {
    text: (look) => renderComparisonText(data, look),
    markdown: () => renderComparisonMarkdown(data),
    csv: () => comparisonCsv(data),
    json: () => comparisonJson(data),
    html: () => renderComparisonHtml(data),
  }
}
