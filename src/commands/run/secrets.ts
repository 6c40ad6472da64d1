import { UserError } from '../../core/errors.ts'
import type { RunSummary } from '../../measure/summary.ts'

const BLANK = '[redacted]'

/** Shorter values ("5m", "10") stand inside too much other text to be a key that can be looked for. */
const SHORTEST_CHARACTERS = 6

/** Values given with `-e`: whatever a script does with them, they reach no file and no line of output. */
export class Secrets {
  readonly #pattern: RegExp | undefined

  constructor(values: readonly string[]) {
    const forms = values
      .filter((value) => value.length >= SHORTEST_CHARACTERS)
      .flatMap((value) => [value, encodeURIComponent(value)])
      .sort((a, b) => b.length - a.length)
      .map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    this.#pattern = forms.length === 0 ? undefined : new RegExp(forms.join('|'), 'g')
  }

  hide(text: string): string {
    return this.#pattern === undefined ? text : text.replaceAll(this.#pattern, BLANK)
  }

  /** An error that may be shown, its stack included. */
  hideIn(error: unknown): unknown {
    if (this.#pattern === undefined || !(error instanceof Error)) return error
    const shown = error instanceof UserError ? this.#userError(error) : new Error(this.hide(error.message))
    const origin = error instanceof UserError && error.cause instanceof Error ? error.cause : error
    shown.stack = this.hide(origin.stack ?? '')
    return shown
  }

  /** The summary with names that may be written; those of requests are hidden where they are recorded. */
  hideInSummary(summary: RunSummary): RunSummary {
    if (this.#pattern === undefined) return summary
    const { thresholds, checks, metrics } = summary
    return {
      ...summary,
      thresholds: thresholds.map((result) => ({ ...result, metric: this.hide(result.metric) })),
      checks: checks.map((check) => ({ ...check, name: this.hide(check.name) })),
      metrics: metrics.map((metric) => ({ ...metric, name: this.hide(metric.name) })),
    }
  }

  #userError({ exitCode, faults }: UserError): UserError {
    return new UserError(
      exitCode,
      faults.map(({ where, what, todo }) => ({
        where: this.hide(where),
        what: this.hide(what),
        ...(todo !== undefined && { todo: this.hide(todo) }),
      })),
    )
  }
}
