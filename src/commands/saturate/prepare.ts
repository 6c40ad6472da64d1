import { EXIT, UserError, type Fault } from '../../core/errors.ts'
import { DEFAULT_OUTCOME_RULES, type OutcomeRules } from '../../measure/outcome.ts'
import type { HeaderPair } from '../flags.ts'
import type { Io } from '../io.ts'
import { scriptSha256 } from '../run/data-files.ts'
import { prepareRun, type PreparedRun } from '../run/prepare.ts'
import { firstRequestOf } from './first-request.ts'
import { readRequestFile } from './request-file.ts'
import { isMethod, METHODS, type ClosedCall, type SaturateRequest } from './request.ts'

/** A saturation that may begin: every fault of the command line and its files has been looked for. */
export interface PreparedSaturation {
  readonly request: SaturateRequest
  /** `undefined`: the generator's own ceiling alone is wanted. */
  readonly call: ClosedCall | undefined
  readonly outcomeRules: OutcomeRules
  /** Where the request is from, when it is from a script. */
  readonly script: { readonly path: string; readonly sha256: string } | undefined
}

/**
 * Finds the request to send, on the command line, in a file or in a script.
 *
 * @throws UserError with every fault: 2, or those of the script as `headroom run` has them.
 */
export async function prepareSaturation(request: SaturateRequest, io: Io): Promise<PreparedSaturation> {
  const faults = usageFaults(request)
  if (faults.length > 0) throw new UserError(EXIT.usage, faults)
  const { url, requestFile, script } = request
  const plain = { request, outcomeRules: DEFAULT_OUTCOME_RULES, script: undefined }
  if (script !== undefined) return withScript(request, await prepareRun(runRequestOf(request, script), io))
  if (requestFile !== undefined) {
    return { ...plain, call: withFlags(await readRequestFile(requestFile, io.cwd, url), request) }
  }
  const call = url && withFlags({ url, method: 'GET', headers: [], body: undefined }, request)
  return { ...plain, call }
}

function usageFaults(request: SaturateRequest): Fault[] {
  const { url, requestFile, script, env, method = 'GET', self } = request
  const faults = script === undefined ? [] : scriptFaults(request)
  const fault = (where: string, what: string, todo: string): void => void faults.push({ where, what, todo })
  if (!isMethod(method)) {
    fault('--method', 'is none that autocannon sends', `give one of ${METHODS.join(', ')}`)
  }
  if (script === undefined && Object.keys(env).length > 0) {
    fault('-e', 'sets variables of a script, and there is none', 'give --script SCRIPT')
  }
  if (url === undefined && requestFile === undefined && script === undefined && !self) {
    fault('url', 'is missing', 'give the URL to ask, or --request FILE, or --self alone')
  }
  return faults
}

function scriptFaults({ url, requestFile }: SaturateRequest): Fault[] {
  const faults: Fault[] = []
  if (requestFile !== undefined) {
    faults.push({ where: '--request', what: 'was given together with --script', todo: 'give one of them' })
  }
  if (url === undefined) {
    const todo = 'give the URL that the script finds in __ENV.TARGET'
    faults.push({ where: '--script', what: 'has no target', todo })
  } else if (url.search + url.hash + url.username !== '') {
    const what = 'the base URL of a script has no credentials, query or fragment'
    faults.push({ where: 'url', what, todo: 'credentials belong in -e KEY=… and the script' })
  }
  return faults
}

async function withScript(request: SaturateRequest, run: PreparedRun): Promise<PreparedSaturation> {
  const call = withFlags(await firstRequestOf(run), request)
  if (!isMethod(call.method)) {
    const what = `its first request is a ${call.method}, and autocannon sends only ${METHODS.join(', ')}`
    throw new UserError(EXIT.usage, [{ where: run.bundle.file, what }])
  }
  const throttled = new Set([...DEFAULT_OUTCOME_RULES.throttled, ...run.plan.headroom.throttled])
  return {
    request,
    call,
    outcomeRules: { ...DEFAULT_OUTCOME_RULES, throttled },
    script: { path: run.bundle.file, sha256: scriptSha256(run.bundle, run.files) },
  }
}

function runRequestOf({ url, env, out }: SaturateRequest, script: string): PreparedRun['request'] {
  return {
    script,
    target: url?.href,
    env,
    config: undefined,
    flags: { texts: {}, tags: {} },
    seed: undefined,
    virtual: false,
    maxRequests: Infinity,
    out,
    raw: false,
    quiet: true,
    summary: { mode: 'disabled', exportPath: undefined },
    dryRun: true,
  }
}

/** What the command line says wins; a header of the same name is replaced. */
function withFlags(call: ClosedCall, { method, headers, body }: SaturateRequest): ClosedCall {
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  const kept: HeaderPair[] = call.headers.filter(([name]) => !given.has(name.toLowerCase()))
  return {
    url: call.url,
    method: method ?? call.method,
    headers: [...kept, ...headers],
    body: body ?? call.body,
  }
}
