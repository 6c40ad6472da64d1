import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { OriginalMapping } from '@jridgewell/trace-mapping'
import { formatPosition } from './script-bundle.ts'
import type { ScriptBundle, SourcePosition } from './script-bundle.ts'

/** File name of every compiled script, by which its frames are told from the harness's own. */
export const SCRIPT_FILENAME = 'headroom-script'

/** A line of a stack: `at [async] [called (]file:line:column[)]`. */
const FRAME = new RegExp(
  String.raw`^\s*at (?:async )?(?:(?<called>.+) \()?${SCRIPT_FILENAME}:(?<line>\d+):(?<column>\d+)\)?$`,
)

const RUN_WAITING = ' at WaitRuntime.runWaiting ('

interface Traces {
  readonly inserted: TraceMap
  readonly bundled: TraceMap
}

/**
 * Leads from frames of the running script back to the user's files, through the inserted text and the bundle.
 * The maps are decoded when the first error is located, not before.
 */
export class Positions {
  readonly #maps: ScriptBundle['maps']
  #traces: Traces | undefined

  constructor(bundle: Pick<ScriptBundle, 'maps'>) {
    this.#maps = bundle.maps
  }

  /** Where in the user's files an error arose; `undefined` when no frame of its stack is the script's. */
  locate(error: unknown): SourcePosition | undefined {
    for (const line of stackLines(error)) {
      const position = this.#locateFrame(line)
      if (position) return position
    }
    return undefined
  }

  /** The error's text and below it the script's own frames, as positions in the user's files. */
  userStack(error: unknown): string {
    if (!(error instanceof Error)) return String(error)
    const frames = stackLines(error)
      .filter((_, index, lines) => !isStartOfWait(lines[index - 1]))
      .map((line) => this.#userFrame(line))
    return [`${error.name}: ${error.message}`, ...frames.filter((frame) => frame !== undefined)].join('\n')
  }

  #locateFrame(stackLine: string): SourcePosition | undefined {
    const groups = FRAME.exec(stackLine)?.groups
    if (groups === undefined) return undefined
    const inserted = trace(this.#decoded().inserted, Number(groups['line']), Number(groups['column']) - 1)
    return inserted && toUserPosition(trace(this.#decoded().bundled, inserted.line, inserted.column))
  }

  #userFrame(stackLine: string): string | undefined {
    const position = this.#locateFrame(stackLine)
    if (position === undefined) return undefined
    const called = FRAME.exec(stackLine)?.groups?.['called']
    const where = `${formatPosition(position)}:${position.column}`
    return called === undefined ? `    at ${where}` : `    at ${called} (${where})`
  }

  #decoded(): Traces {
    this.#traces ??= {
      inserted: new TraceMap(this.#maps.inserted),
      bundled: new TraceMap(this.#maps.bundled),
    }
    return this.#traces
  }
}

/** A mapped position as the user counts: `undefined` for text that has no origin in the user's files. */
export function toUserPosition(mapping: OriginalMapping | undefined): SourcePosition | undefined {
  if (mapping === undefined || mapping.source === null) return undefined
  return { file: mapping.source, line: mapping.line, column: mapping.column + 1 }
}

/** The nearest mapping at or before the position, else the nearest after it on the line (before it stands inserted text). */
export function trace(map: TraceMap, line: number, column: number): OriginalMapping | undefined {
  const before = originalPositionFor(map, { line, column })
  if (before.line !== null) return before
  const after = originalPositionFor(map, { line, column, bias: LEAST_UPPER_BOUND })
  return after.line === null ? undefined : after
}

/** The frame below is the outer half of a function whose body runs in `WaitRuntime.runWaiting`: it stands there already. */
function isStartOfWait(stackLine: string | undefined): boolean {
  return stackLine?.includes(RUN_WAITING) === true
}

function stackLines(error: unknown): string[] {
  return error instanceof Error ? (error.stack ?? '').split('\n') : []
}
