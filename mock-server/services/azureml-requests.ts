/** Bodies of AzureML (classic) calls, as azure-docs machine-learning/studio/consume-web-services and azuremlps have them. */
import { type AzureMlFault, BODY_INVALID, MISSING_PARAMETERS, NO_INPUT, badInput } from './azureml-faults.ts'
import { isAbsent, isObject, parseJson } from './json-body.ts'

export interface ScoreRequest {
  /** Rows over all inputs: the reply has one result for each. */
  readonly rowCount: number
}

/** What a PUT or PATCH wants of an endpoint; what is absent it leaves open. */
export interface EndpointChange {
  readonly description?: string
  readonly throttleLevel?: ThrottleLevel
  readonly maxConcurrentCalls?: number
  readonly isUpdatePrevented?: boolean
}

export type ThrottleLevel = 'Low' | 'High'

/**
 * Reads a scoring body, each input either a table (`ColumnNames`, `Values`) or an array of records.
 *
 * @param requiredParameters names of the global parameters that it has to have; `undefined`: none.
 */
export function parseScoreRequest(
  body: Uint8Array,
  requiredParameters: readonly string[] | undefined,
): ScoreRequest | AzureMlFault {
  const json = parseJson(body)
  if (!isObject(json)) return BODY_INVALID
  const { Inputs: inputs, GlobalParameters: parameters } = json as {
    Inputs?: unknown
    GlobalParameters?: unknown
  }
  if (isAbsent(inputs)) return NO_INPUT
  if (!isObject(inputs) || !isOptionalObject(parameters)) return BODY_INVALID
  const isIncomplete = requiredParameters?.some((name) => isAbsent(parameters?.[name]))
  if (isIncomplete === true) return MISSING_PARAMETERS
  let rowCount = 0
  for (const [name, input] of Object.entries(inputs)) {
    const rows = rowsOf(input)
    if (rows === undefined) return badInput(`the input "${name}" is neither a table nor an array of records`)
    rowCount += rows
  }
  return { rowCount }
}

/** Checks the body that submits a batch: what it names stands in storage, and is not looked at. */
export function faultInBatch(body: Uint8Array): AzureMlFault | undefined {
  const json = parseJson(body)
  const isFine =
    isObject(json) && ['GlobalParameters', 'Inputs', 'Outputs'].every((key) => isOptionalObject(json[key]))
  return isFine ? undefined : BODY_INVALID
}

/** Reads the body of a PUT or PATCH on an endpoint; other members of an endpoint are taken and ignored. */
export function parseEndpointChange(body: Uint8Array): EndpointChange | AzureMlFault {
  const json = parseJson(body)
  if (!isObject(json)) return BODY_INVALID
  const {
    Description: description,
    ThrottleLevel: level,
    MaxConcurrentCalls: calls,
    PreventUpdate: isPrevented,
  } = json as Members
  const isFine =
    isAbsentOr(description, typeof description === 'string') &&
    isAbsentOr(level, level === 'Low' || level === 'High') &&
    isAbsentOr(calls, Number.isInteger(calls)) &&
    isAbsentOr(isPrevented, typeof isPrevented === 'boolean')
  if (!isFine) return BODY_INVALID
  return {
    ...(!isAbsent(description) && { description: description as string }),
    ...(!isAbsent(level) && { throttleLevel: level as ThrottleLevel }),
    ...(!isAbsent(calls) && { maxConcurrentCalls: calls as number }),
    ...(!isAbsent(isPrevented) && { isUpdatePrevented: isPrevented as boolean }),
  }
}

interface Members {
  readonly Description?: unknown
  readonly ThrottleLevel?: unknown
  readonly MaxConcurrentCalls?: unknown
  readonly PreventUpdate?: unknown
}

function isAbsentOr(value: unknown, isRight: boolean): boolean {
  return isAbsent(value) || isRight
}

function isOptionalObject(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return isAbsent(value) || isObject(value)
}

/** @returns `undefined` when it is neither a table nor an array of records. */
function rowsOf(input: unknown): number | undefined {
  if (Array.isArray(input)) return input.every(isObject) ? input.length : undefined
  if (!isObject(input)) return undefined
  const { ColumnNames: names, Values: values } = input as { ColumnNames?: unknown; Values?: unknown }
  if (!Array.isArray(names) || !Array.isArray(values)) return undefined
  const isTable = values.every((row) => Array.isArray(row) && row.length === names.length)
  return isTable ? values.length : undefined
}
