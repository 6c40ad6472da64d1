import { createHash, randomUUID } from 'node:crypto'
import type { RunFacts } from '../../run-files/run-facts.ts'
import type { Io } from '../io.ts'
import { machineFacts } from '../run/facts.ts'
import type { Secrets } from '../run/secrets.ts'
import { readRevision } from '../run/source-control.ts'
import type { PreparedSaturation } from './prepare.ts'
import { shownUrl, type ClosedCall } from './request.ts'

/** Stands where a run has its script's name, so that no figure of a closed model is taken for one of an open one. */
export const SCENARIO = 'saturate-closed-model'

/** Header values and the body may hold keys: the files get the headers' names and the body's digest. */
export async function factsOf(
  { request, script }: PreparedSaturation,
  call: ClosedCall,
  secrets: Secrets,
  io: Io,
): Promise<RunFacts> {
  const { connectionSteps, stepDurationUs, timeoutUs, env } = request
  const options = {
    model: 'closed',
    engine: 'autocannon',
    method: call.method,
    connectionSteps,
    stepDurationUs,
    timeoutUs,
    headerNames: call.headers.map(([name]) => name),
    bodySha256: call.body === undefined ? null : sha256(call.body),
  }
  const now = Date.now()
  return {
    runId: sha256(randomUUID()).slice(0, 16),
    scenario: SCENARIO,
    time: 'real',
    epochMs: now,
    wallStartedAtMs: now,
    ...machineFacts(),
    scriptPath: script?.path ?? '',
    scriptSha256: script?.sha256 ?? '',
    options,
    optionsSha256: sha256(JSON.stringify(options)),
    seed: 0,
    targetKind: 'remote',
    target: secrets.hide(shownUrl(call)),
    envNames: Object.keys(env),
    envValues: Object.values(env),
    mockConfig: undefined,
    ...(await readRevision(io.cwd, io.env)),
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
