/** Paths of AzureML (classic): azure-docs machine-learning/studio/consume-web-services and hning86/azuremlps. */

/** What a path asks for; what it does not name is `''`. */
export interface AzureMlRoute {
  readonly operation: 'score' | 'batch' | 'manage-endpoint'
  readonly methods: readonly string[]
  readonly workspaceId: string
  /** Of the web service, or of the endpoint whose scoring address it is. */
  readonly serviceId: string
  readonly endpointName: string
  readonly jobId: string
  /** Of a batch: the job is to be started. */
  readonly isStart: boolean
}

const SCORE = /^\/workspaces\/([^/]+)\/services\/([^/]+)\/execute$/
const BATCH = /^\/workspaces\/([^/]+)\/services\/([^/]+)\/jobs(?:\/([^/]+)(\/start)?)?$/
const MANAGE = /^\/workspaces\/([^/]+)\/webservices\/([^/]+)\/endpoints(?:\/([^/]+))?$/

const SCORE_METHODS = ['POST']
const SUBMIT_METHODS = ['POST']
const JOB_METHODS = ['GET', 'DELETE']
const LIST_METHODS = ['GET']
const ENDPOINT_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE']

/** @param path without the query. */
export function matchAzureMlRoute(path: string): AzureMlRoute | undefined {
  return matchScore(path) ?? matchBatch(path) ?? matchManagement(path)
}

/** Every member is written out, here and below: most requests are calls, and spreading an object costs as much as the rest. */
function matchScore(path: string): AzureMlRoute | undefined {
  const match = SCORE.exec(path)
  if (match === null) return undefined
  return {
    operation: 'score',
    methods: SCORE_METHODS,
    workspaceId: match[1]!,
    serviceId: match[2]!,
    endpointName: '',
    jobId: '',
    isStart: false,
  }
}

function matchBatch(path: string): AzureMlRoute | undefined {
  const match = BATCH.exec(path)
  if (match === null) return undefined
  const jobId = match[3] ?? ''
  const isStart = match[4] !== undefined
  return {
    operation: 'batch',
    methods: jobId === '' || isStart ? SUBMIT_METHODS : JOB_METHODS,
    workspaceId: match[1]!,
    serviceId: match[2]!,
    endpointName: '',
    jobId,
    isStart,
  }
}

function matchManagement(path: string): AzureMlRoute | undefined {
  const match = MANAGE.exec(path)
  if (match === null) return undefined
  const endpointName = match[3] ?? ''
  return {
    operation: 'manage-endpoint',
    methods: endpointName === '' ? LIST_METHODS : ENDPOINT_METHODS,
    workspaceId: match[1]!,
    serviceId: match[2]!,
    endpointName,
    jobId: '',
    isStart: false,
  }
}
