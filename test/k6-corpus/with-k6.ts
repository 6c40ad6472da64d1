/**
 * Runs the corpus with headroom and with the `k6` on PATH, and prints where they differ. Without a k6 it says so and
 * ends well. Arguments are names of scripts; none: all of them.
 */
import { readCorpus } from './case.ts'
import { type Comparison, compareRuns, isSame } from './comparison.ts'
import { differenceTable } from './difference-table.ts'
import { observe, type Tool } from './observation.ts'
import { findExecutable, HEADROOM, k6At } from './tools.ts'

const path = findExecutable('k6', process.env['PATH'] ?? '')
if (path === undefined) console.log('no k6 on PATH: nothing is compared')
else process.exitCode = await compareCorpus(k6At(path), process.argv.slice(2))

/** Gives the exit code: 1 when something differs. */
async function compareCorpus(k6: Tool, names: readonly string[]): Promise<number> {
  const chosen = readCorpus().filter(({ name }) => names.length === 0 || names.includes(name))
  const comparisons: Comparison[] = []
  for (const script of chosen) {
    if (script.expectation.headroomOnly !== undefined) continue
    comparisons.push(compareRuns(script, await observe(script, HEADROOM), await observe(script, k6)))
  }
  for (const { name, expectation } of chosen) {
    if (expectation.headroomOnly !== undefined) console.log(`left out: ${name}: ${expectation.headroomOnly}`)
  }
  console.log(differenceTable(comparisons))
  return comparisons.every(isSame) ? 0 : 1
}
