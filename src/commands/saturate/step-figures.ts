import { US_PER_S } from '../../core/units.ts'
import { ALL_NAMES } from '../../measure/names.ts'
import { RunTotals, type RunFigures } from '../../measure/run-totals.ts'
import type { SecondCell } from '../../measure/snapshot.ts'
import type { RunSummary } from '../../measure/summary.ts'

interface Step {
  readonly name: string
  readonly startUs: number
  readonly totals: RunTotals
  endUs: number
}

/**
 * The figures of each step over its own time, not over that of the whole run: to a step everything before it is
 * warm-up.
 */
export class StepFigures {
  readonly #steps: Step[] = []

  /** Steps come in order, each with its first whole second. @throws RangeError for any other time. */
  begin(name: string, startUs: number): void {
    const onSecond = (): void => {}
    const totals = new RunTotals({ warmupUs: startUs, loadEndUs: Infinity, capRps: undefined, onSecond })
    this.#steps.push({ name, startUs, totals, endUs: Infinity })
  }

  /** The step begun last is over; to be called before its last second is added. */
  end(atUs: number): void {
    const step = this.#steps.at(-1)
    if (step === undefined) return
    step.endUs = atUs
    step.totals.endLoad(atUs)
  }

  /** Closed seconds, each once and in order. */
  add(cells: readonly SecondCell[]): void {
    for (const cell of cells) {
      const step = this.#steps.findLast(({ startUs }) => startUs <= cell.second * US_PER_S)
      step?.totals.add([cell])
    }
  }

  /** The summary of the whole run with the figures of its steps for those of its names. */
  within(summary: RunSummary): RunSummary {
    const steps = this.#steps.map(({ name, totals, endUs }) => {
      return rowsOf(totals.finish({ loadEndUs: endUs }), name)
    })
    const parts = [rowsOf(summary, ALL_NAMES), ...steps]
    return {
      ...summary,
      names: parts.flatMap(({ names }) => names),
      burst: parts.flatMap(({ burst }) => burst),
      histograms: parts.flatMap(({ histograms }) => histograms),
    }
  }
}

function rowsOf({ names, burst, histograms }: RunFigures, wanted: string): RunFigures {
  const isWanted = ({ name }: { readonly name: string }): boolean => name === wanted
  return {
    names: names.filter(isWanted),
    burst: burst.filter(isWanted),
    histograms: histograms.filter(isWanted),
  }
}
