import type { Admission, Asked, Decision } from './admission.ts'
import type { Backend } from './backend.ts'
import { CAPACITY_RULE } from './capacity.ts'

/** Asks the limits and then, since they stand in front of it, the service; what it has no room for they have charged. */
export function admit(admission: Admission, backend: Backend, asked: Asked, nowUs: number): Decision {
  const decision = admission.take(asked, nowUs)
  const retryAfterUs = decision.admitted ? backend.waitUs(nowUs) : 0
  if (retryAfterUs === 0) return decision
  return {
    admitted: false,
    rule: CAPACITY_RULE,
    kind: 'capacity',
    limit: backend.workerCount,
    status: undefined,
    delayUs: decision.delayUs,
    retryAfterUs,
  }
}
