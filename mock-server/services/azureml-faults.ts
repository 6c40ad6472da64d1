/** Errors of AzureML (classic): codes and messages of azure-docs machine-learning/studio/web-service-error-codes.md. */
import type { Refusal } from '../admission.ts'
import { MAX_BODY_BYTES } from '../exchange.ts'
import type { Reply } from './service.ts'

/** What is wrong with a request. */
export interface AzureMlFault {
  readonly status: number
  /** The class of the error. */
  readonly code: string
  /** Which error it is; absent: the class is all that is said. */
  readonly detailCode?: string
  readonly message: string
}

export const INITIALIZING_CONTAINERS: AzureMlFault = {
  status: 503,
  code: 'InitializingContainers',
  message: 'The request cannot execute as the containers are being initialized.',
}
export const TOO_MANY_HOSTS: AzureMlFault = unavailable(
  'TooManyHostsBeingInitialized',
  'Too many hosts being initialized at the same time. Consider throttling / retrying.',
)
export const INITIALIZATION_TIMEOUT: AzureMlFault = {
  status: 504,
  code: 'GatewayTimeout',
  detailCode: 'BackendInitializationTimeout',
  message: 'The web service initialization could not be completed within the permitted time.',
}
export const BODY_INVALID: AzureMlFault = badArgument(
  'RequestBodyInvalid',
  'No request body provided or error in deserializing the request body.',
)
export const NO_INPUT: AzureMlFault = badArgument(
  'MissingRequestInput',
  'The web service expects an input, but no input was provided. Ensure valid inputs are provided based on the published ' +
    'input ports in the model and try again.',
)
export const MISSING_PARAMETERS: AzureMlFault = {
  status: 400,
  code: 'BadUserArgument',
  detailCode: 'MissingRequiredGlobalParameters',
  message:
    'Parameter(s) expected by the web service are missing. Verify all the required parameters expected by the web ' +
    'service are correct and try again.',
}
export const MEDIA_TYPE: AzureMlFault = {
  ...badArgument(
    'DataTypeNotSupported',
    'Unsupported data type provided. Provide valid data type(s) and try again.',
  ),
  status: 415,
}
export const TOO_LARGE: AzureMlFault = {
  ...badArgument('RequestBodyInvalid', `The request body is larger than ${MAX_BODY_BYTES} bytes.`),
  status: 413,
}
export const SCORE_UNAUTHORIZED: AzureMlFault = unauthorized(
  'ScoreRequestUnauthorized',
  'Invalid credentials provided.',
)
export const MANAGEMENT_UNAUTHORIZED: AzureMlFault = unauthorized(
  'ManagementRequestUnauthorized',
  'Unauthorized',
)
export const NO_WEB_SERVICE: AzureMlFault = {
  status: 404,
  code: 'NotFound',
  detailCode: 'WebServiceNotFound',
  message: 'Web service not found. Verify the web service Id is correct and try again.',
}

export function badArgument(detailCode: string, message: string): AzureMlFault {
  return { status: 400, code: 'BadArgument', detailCode, message }
}

/** Of the data that is scored rather than of the call. */
export function badInput(details: string): AzureMlFault {
  const message =
    'Parsing of input vector failed.  Verify the input vector has the correct number of columns and data types.  ' +
    `Additional details: ${details}.`
  return { status: 400, code: 'BadUserArgument', detailCode: 'InputParseError', message }
}

/** Something that cannot be done as things are. */
export function invalidOperation(message: string): AzureMlFault {
  return { status: 400, code: 'InvalidOperation', message }
}

export function badVersion(version: string | null): AzureMlFault {
  const message =
    `Invalid version parameter was passed during the API call: ${version ?? ''}. Check the API help page for passing the ` +
    'correct version and try again.'
  return badArgument('BadVersionCall', message)
}

/** What the service says when it fails with this status; which error of several is chosen for its likeness. */
export function failureOf(status: number): AzureMlFault {
  return (
    FAILURES.get(status) ?? {
      status,
      code: 'InternalError',
      detailCode: 'UnknownError',
      message: 'Unknown error.',
    }
  )
}

/** What a model may use; assumed, and said only. */
const MODEL_MEMORY_MB = 2_048

const FAILURES: ReadonlyMap<number, AzureMlFault> = new Map(
  [
    {
      status: 408,
      code: 'RequestTimeout',
      detailCode: 'ScoreRequestTimeout',
      message: 'Execution request timed out.',
    },
    { status: 409, code: 'Conflict', message: 'Resource already exists.' },
    {
      status: 413,
      code: 'MemoryQuotaViolation',
      detailCode: 'OutOfMemoryLimit',
      message:
        'The model consumed more memory than was appropriated for it. Maximum allowed memory for the model is ' +
        `${MODEL_MEMORY_MB} MB. Please check your model for issues.`,
    },
    {
      status: 500,
      code: 'InternalError',
      detailCode: 'WorkerUnreachable',
      message: 'Execution encountered an internal error.',
    },
    unavailable('NoMoreResources', 'No resources available for request.'),
    {
      status: 504,
      code: 'GatewayTimeout',
      detailCode: 'BackendScoreTimeout',
      message: 'The web service request execution could not be completed within the permitted time.',
    },
  ].map((fault) => [fault.status, fault]),
)

/** No cap to speak of has been given where another limit than that on concurrent calls refuses. */
export function throttled(endpointName: string, { status = 503, kind, limit }: Refusal): AzureMlFault {
  const cap = kind === 'concurrency' ? ` The maximum concurrency for the endpoint is ${limit}.` : ''
  return {
    ...unavailable('RequestThrottled', `Request was throttled for ${endpointName} endpoint.${cap}`),
    status,
  }
}

/** Codes and messages are published; that the detail stands in an array below the class is inferred. */
export function faultReply({ status, code, detailCode, message }: AzureMlFault, requestId: string): Reply {
  const details = detailCode === undefined ? [] : [{ code: detailCode, message }]
  return jsonReply(status, { error: { code, message, details } }, requestId)
}

export function jsonReply(status: number, body: unknown, requestId: string): Reply {
  const headers = [
    ['x-ms-request-id', requestId],
    ['Content-Type', 'application/json; charset=utf-8'],
  ] as const
  return { status, headers, body: JSON.stringify(body) }
}

/** 204. */
export function emptyReply(requestId: string): Reply {
  return { status: 204, headers: [['x-ms-request-id', requestId]], body: '' }
}

function unavailable(detailCode: string, message: string): AzureMlFault {
  return { status: 503, code: 'ServiceUnavailable', detailCode, message }
}

function unauthorized(detailCode: string, message: string): AzureMlFault {
  return { status: 401, code: 'Unauthorized', detailCode, message }
}
