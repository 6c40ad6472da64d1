import { resolve } from 'node:path'
import { EXIT, UserError, type ExitCode } from '../../../core/errors.ts'
import { nightsAnnotations } from '../../../report/comparison/annotations.ts'
import type { NightsData } from '../../../report/comparison/nights-data.ts'
import { renderNightsMarkdown } from '../../../report/comparison/nights-markdown.ts'
import { renderNightsText } from '../../../report/comparison/nights-text.ts'
import { renderNightsHtml } from '../../../report/html/nights-page.ts'
import { nightsCsv } from '../../../run-files/nights-csv.ts'
import { nightsJson } from '../../../run-files/nights-json.ts'
import type { Io } from '../../io.ts'
import { deliver } from '../deliver.ts'
import { githubStep } from '../github.ts'
import { confirmationNotes, confirmationSteps } from './confirmation.ts'
import { judgeControls } from './controls.ts'
import { familyOf, hasAccepted, nightOf, type Night } from './family.ts'
import { gateEntries } from './gate-lines.ts'
import { judge } from './judge.ts'
import { nightFault, nightRunsAt, type NightRun } from './night-run.ts'
import { pastNotes } from './notes.ts'
import { pastOf } from './past.ts'
import { recordInJournal } from './record.ts'
import type { NightsRequest } from './request.ts'
import { nightsOf, readResults, type Results } from './results.ts'

/**
 * Judges a night against the past ones, writes what was found and records it in gate.csv.
 *
 * @returns 4 when a confirmation run has the same regression, otherwise 0
 * @throws UserError (invalidRun) when the night's run is INVALID; (usage) when a run cannot be read, or is of something
 *   else than the past
 */
export async function runNights(request: NightsRequest, io: Io): Promise<ExitCode> {
  const step = request.github ? githubStep(io) : undefined
  const runs = await runsOf(request, io.cwd)
  const results = await readResults(resultsFolder(request, runs.head, io.cwd))
  const data = await judgedNight(request, runs, results)
  await deliver(
    {
      text: (look) => renderNightsText(data, look),
      markdown: () => renderNightsMarkdown(data),
      csv: () => nightsCsv(data),
      json: () => nightsJson(data),
      html: () => renderNightsHtml(data),
    },
    request,
    io,
  )
  await recordInJournal(results.folder, gateEntries(data), io)
  await step?.tell({
    markdown: renderNightsMarkdown(data),
    annotations: nightsAnnotations(data),
    isCandidate: data.state === 'candidate',
  })
  return data.state === 'confirmed' ? EXIT.regression : EXIT.pass
}

/** The runs that the user named. */
interface NamedRuns {
  readonly head: NightRun
  readonly confirmation: NightRun | undefined
  readonly controls: readonly NightRun[]
}

async function runsOf({ head, confirmation, controls }: NightsRequest, cwd: string): Promise<NamedRuns> {
  const paths = [head, ...controls, ...(confirmation === undefined ? [] : [confirmation])]
  const [headRun, ...others] = await nightRunsAt(paths, cwd)
  if (headRun === undefined) throw new Error('no run for a path')
  assertNight(headRun)
  return {
    head: headRun,
    controls: others.slice(0, controls.length),
    confirmation: others[controls.length],
  }
}

function assertNight(head: NightRun): void {
  const what = nightFault(head)
  if (what === undefined) return
  const isInvalid = head.side.shown.verdict === 'INVALID'
  const todo = 'Run the night again: this one is judged by nothing and counts for nothing.'
  throw new UserError(isInvalid ? EXIT.invalidRun : EXIT.usage, [{ where: head.side.shown.path, what, todo }])
}

function resultsFolder({ results }: NightsRequest, head: NightRun, cwd: string): string {
  return results === undefined ? head.folder : resolve(cwd, results)
}

async function judgedNight(request: NightsRequest, runs: NamedRuns, results: Results): Promise<NightsData> {
  const { head, confirmation, controls } = runs
  const { allowed, nightCount } = request
  const confirming = confirmation === undefined ? [] : confirmationNotes(head, confirmation, allowed)
  const found = await judgeControls(controls, allowed)
  const past = pastOf(await nightsOf(results, head.dated.scenario), head.dated, results.journal, allowed)
  const pastNights = past.nights.map(nightOf)
  const family = familyOf(pastNights, head.night)
  assertJudgeable(head, family.members.length, pastNights)
  const isNoisy = found.noise.length > 0
  const confirmingNight =
    confirmation !== undefined && nightFault(confirmation) === undefined ? confirmation.night : undefined
  const judgement = isNoisy
    ? ({ state: 'noisy', metrics: [] } as const)
    : judge(family.members, confirmingNight, { maxBaseCount: nightCount })
  return {
    head: head.side.shown,
    confirmation: confirmation?.side.shown,
    ...judgement,
    noise: found.noise,
    notes: [
      ...(judgement.state === 'candidate' ? [confirmationSteps(head, request)] : []),
      ...confirming,
      ...found.notes,
      ...pastNotes(past, head, family),
    ],
  }
}

function assertJudgeable({ side, night }: NightRun, memberCount: number, past: readonly Night[]): void {
  const isSilent = !hasAccepted(night) && past.some(hasAccepted)
  if (memberCount > 0 && !isSilent) return
  const what = isSilent
    ? 'has no accepted reply, as past nights have: what is slower cannot be told, and this is worse'
    : 'has no accepted reply, no throttled share and no cap: nothing that the gate judges'
  throw new UserError(EXIT.usage, [{ where: side.shown.path, what, todo: 'Look at the run itself.' }])
}
