import type { Engine } from '../../engine/engine.ts'
import type { K6Data } from '../../report/k6-data.ts'
import { redact } from '../../run-files/redact.ts'

/** Something that the script wants shown or written at the end. */
export interface SummaryOutput {
  /** `stdout`, `stderr`, or the path of a file. */
  readonly to: string
  readonly content: string | Uint8Array
}

/** What became of the script's `handleSummary`. */
export interface SummaryReply {
  /** `undefined`: the function failed. */
  readonly outputs: readonly SummaryOutput[] | undefined
  /** For the user. */
  readonly faults: readonly string[]
}

/**
 * Calls the script's `handleSummary`. Scripts write the data to files as it is: secrets in what set-up returned, such as
 * the token of a login, are blanked out.
 */
export async function callHandleSummary(
  engine: Pick<Engine, 'setUpDataJson' | 'handleSummary'>,
  data: K6Data,
  secretValues: readonly string[],
): Promise<SummaryReply> {
  const { setUpDataJson } = engine
  try {
    const setUp: unknown = setUpDataJson === undefined ? undefined : JSON.parse(setUpDataJson)
    const whole = setUp === undefined ? data : { ...data, setup_data: redact(setUp, secretValues) }
    return readOutputs(await engine.handleSummary(whole))
  } catch (error) {
    return { outputs: undefined, faults: [error instanceof Error ? error.message : String(error)] }
  }
}

/** k6 takes texts and bytes by where they go. Nothing at all is fine: the function may have sent its report itself. */
function readOutputs(returned: unknown): SummaryReply {
  if (returned === undefined || returned === null) return { outputs: [], faults: [] }
  if (typeof returned !== 'object') {
    const what = `handleSummary() must return an object of texts by where they go, not a ${typeof returned}`
    return { outputs: undefined, faults: [what] }
  }
  const outputs: SummaryOutput[] = []
  const faults: string[] = []
  for (const [to, value] of Object.entries(returned)) {
    const content = contentOf(value)
    if (content === undefined)
      faults.push(`handleSummary() gave no text or ArrayBuffer for ${JSON.stringify(to)}`)
    else outputs.push({ to, content })
  }
  return { outputs, faults }
}

function contentOf(value: unknown): string | Uint8Array | undefined {
  if (typeof value === 'string') return value
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return value instanceof Uint8Array ? value : undefined
}
