import { EXIT } from '../../core/errors.ts'
import type { RunSummary, ThresholdResult, Verdict } from '../../measure/summary.ts'
import type { RunIdentity } from '../manifest-reader.ts'
import { isoTime } from '../run-facts.ts'
import { element, xmlDocument, type XmlElement } from './xml.ts'

/** How a test case ended. What is `skipped` could not be decided. */
type Result = 'passed' | 'failure' | 'error' | 'skipped'

interface TestCase {
  readonly name: string
  readonly result: Result
  /** Of what went wrong. */
  readonly type?: string
  readonly message?: string
}

interface TestSuite {
  readonly name: string
  readonly cases: readonly TestCase[]
}

/** Exit codes that the cases of validity and thresholds explain. */
const EXPLAINED_CODES: readonly (number | undefined)[] = [EXIT.pass, EXIT.thresholds, EXIT.invalidRun]

/**
 * junit.xml, as CI servers read it: first the run itself (whether it came to its end, whether the load generator kept its
 * plan), so that there are cases though no threshold was set; then the thresholds, in a suite for each request name.
 *
 * A failed threshold is a failure, one without data is skipped; an INVALID run is an error, for it proves nothing.
 */
export function junitXml(
  run: RunIdentity,
  summary: Pick<RunSummary, 'durationS' | 'verdict' | 'thresholds'>,
): string {
  const suites = [
    { name: 'run', cases: [endCase(run.exitCode), validityCase(summary.verdict)] },
    ...thresholdSuites(summary.thresholds),
  ]
  const cases = suites.flatMap((suite) => suite.cases)
  const facts = { run, durationS: summary.durationS }
  return xmlDocument(
    element(
      'testsuites',
      { name: `headroom ${run.scenario}`, ...countsOf(cases), time: summary.durationS },
      suites.map((suite) => suiteElement(suite, facts)),
    ),
  )
}

function endCase(exitCode: number | undefined): TestCase {
  const name = 'the run came to its end'
  if (EXPLAINED_CODES.includes(exitCode)) return { name, result: 'passed' }
  const [reason = 'unknown'] = Object.entries(EXIT).find(([, code]) => code === exitCode) ?? []
  return { name, result: 'error', type: reason, message: `exit code ${exitCode ?? 'unknown'} (${reason})` }
}

function validityCase({ level, reasons }: Verdict): TestCase {
  const name = 'the load generator kept its plan'
  const message = reasons.map(({ what, todo }) => `${what}; ${todo}`).join('. ')
  if (level === 'VALID') return { name, result: 'passed' }
  return { name, result: level === 'INVALID' ? 'error' : 'skipped', type: level, message }
}

/** Thresholds of one request name together; those of none under `all requests`. */
function thresholdSuites(thresholds: readonly ThresholdResult[]): TestSuite[] {
  const casesByName = new Map<string, TestCase[]>()
  for (const threshold of thresholds) {
    const name = nameOf(threshold.metric) ?? 'all requests'
    casesByName.set(name, [...(casesByName.get(name) ?? []), thresholdCase(threshold)])
  }
  return Array.from(casesByName, ([name, cases]) => ({ name, cases }))
}

/** The name in a selector: `rank` of `http_req_duration{name:rank,outcome:accepted}`. */
function nameOf(metric: string): string | undefined {
  return /[{,]\s*name:\s*([^,}]+?)\s*[,}]/.exec(metric)?.[1]
}

function thresholdCase({ metric, expression, observed, unit, result }: ThresholdResult): TestCase {
  const name = `${metric} ${expression}`
  if (result === 'pass') return { name, result: 'passed' }
  if (result === 'no_data') return { name, result: 'skipped', message: 'there was no data' }
  const message = `observed ${observed ?? 'nothing'}${unit === '' ? '' : ` ${unit}`}, wanted ${expression}`
  return { name, result: 'failure', type: 'threshold', message }
}

function countsOf(cases: readonly TestCase[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const count = (wanted: Result): number => cases.filter(({ result }) => result === wanted).length
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  }
}

interface SuiteFacts {
  readonly run: RunIdentity
  readonly durationS: number
}

function suiteElement({ name, cases }: TestSuite, { run, durationS }: SuiteFacts): XmlElement {
  const classname = `headroom.${run.scenario}.${name}`
  return element(
    'testsuite',
    { name, ...countsOf(cases), time: durationS, timestamp: isoTime(run.epochMs).slice(0, 19) },
    [
      element('properties', {}, propertiesOf(run)),
      ...cases.map((each) =>
        element('testcase', { classname, name: each.name, time: durationS }, resultElements(each)),
      ),
    ],
  )
}

function propertiesOf(run: RunIdentity): XmlElement[] {
  const { runId, target, seed, commit, branch, toolVersion } = run
  const facts = { run_id: runId, target, seed, commit, branch, tool_version: toolVersion }
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => element('property', { name, value }))
}

function resultElements({ result, type, message }: TestCase): XmlElement[] {
  return result === 'passed' ? [] : [element(result, { type, message })]
}
