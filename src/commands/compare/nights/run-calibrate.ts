import { resolve } from 'node:path'
import { EXIT, UserError, type ExitCode, type Fault } from '../../../core/errors.ts'
import { isWholeRun } from '../../../measure/run-identity.ts'
import { renderCalibrationText } from '../../../report/comparison/nights-calibration-text.ts'
import { calibrationCsv, calibrationJson } from '../../../run-files/nights-calibration-csv.ts'
import type { LoggedNight } from '../../../run-files/nights-reader.ts'
import type { Io } from '../../io.ts'
import { deliver } from '../deliver.ts'
import { calibrationOf } from './calibration.ts'
import { pastOf, type DatedRun } from './past.ts'
import type { CalibrateRequest } from './request.ts'
import { nightsOf, readResults, type Results } from './results.ts'

/**
 * Tells how often the gate would have alarmed in the past nights, and what it would find.
 *
 * @throws UserError (usage) when there are no nights, or those of several scenarios
 */
export async function runCalibrate(request: CalibrateRequest, io: Io): Promise<ExitCode> {
  const faults = outputFaults(request)
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  const results = await readResults(resolve(io.cwd, request.results))
  const scenario = request.scenario ?? onlyScenario(results)
  const nights = await nightsOf(results, scenario)
  const past = pastOf(nights, afterLast(nights, scenario, results), results.journal, request.allowed)
  const data = calibrationOf(scenario, past, results.journal, request.nightCount)
  await deliver(
    {
      text: (look) => renderCalibrationText(data, look),
      markdown: notThere,
      html: notThere,
      csv: () => calibrationCsv(data),
      json: () => calibrationJson(data),
    },
    request,
    io,
  )
  return EXIT.pass
}

function outputFaults({ format, github }: CalibrateRequest): Fault[] {
  return [
    ...(format === 'markdown' || format === 'html'
      ? [
          {
            where: '--format',
            what: `a calibration is not written as ${format}`,
            todo: 'It takes text, csv or json.',
          },
        ]
      : []),
    ...(github
      ? [{ where: '--github', what: 'a calibration judges nothing that GitHub could be told' }]
      : []),
  ]
}

function notThere(): never {
  throw new Error('a calibration has no such format')
}

function onlyScenario({ folder, runs }: Results): string {
  const scenarios = [...new Set(runs.map(({ scenario }) => scenario))]
  const [only] = scenarios
  if (only !== undefined && scenarios.length === 1) return only
  const what = scenarios.length === 0 ? 'has no runs' : `has runs of ${scenarios.join(', ')}`
  const todo =
    scenarios.length === 0 ? 'Give their folder with --results DIR.' : 'Choose one with --scenario NAME.'
  throw new UserError(EXIT.usage, [{ where: folder, what, todo }])
}

/** A night of what was measured last, after all that there are. */
function afterLast(nights: readonly LoggedNight[], scenario: string, { folder }: Results): DatedRun {
  const last = nights.findLast(({ exitCode }) => isWholeRun(exitCode))
  if (last !== undefined) return { ...last, runId: '' }
  const fault = {
    where: folder,
    what: `has no valid run of ${scenario}`,
    todo: 'Choose one with --scenario NAME.',
  }
  throw new UserError(EXIT.usage, [fault])
}
