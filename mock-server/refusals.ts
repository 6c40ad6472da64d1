/** How limits refuse. */
import type { Asked, Refusal } from './admission.ts'
import type { ConcurrencyGate } from './limiter/concurrency.ts'
import { limiterOf, type LiveRule } from './live-rule.ts'
import { CONCURRENCY_RULE, type RuleConfig } from './rule.ts'

/** Of the cap on requests in flight; `undefined`: the request may pass. One that will wait in vain has its place until then. */
export function refusalByGate(gate: ConcurrencyGate, nowUs: number): Refusal | undefined {
  const waitUs = gate.waitUs(nowUs)
  if (waitUs === 0) return undefined
  if (!gate.hasPlace(nowUs)) return refusalByCap(gate.capacity, 0, gate.placeWaitUs(nowUs))
  const timeoutUs = gate.queue?.timeoutUs ?? Infinity
  if (waitUs <= timeoutUs) return undefined
  gate.waitInVain(nowUs + timeoutUs)
  return refusalByCap(gate.capacity, timeoutUs, waitUs - timeoutUs)
}

/** Of the rate rules: the first that refuses, and the longest wait. */
export function refusalByRules(rules: readonly LiveRule[], asked: Asked, nowUs: number): Refusal | undefined {
  let refusing: RuleConfig | undefined
  let retryAfterUs = 0
  for (const rule of rules) {
    const { config, unit } = rule
    const waitUs = limiterOf(rule, asked).waitUs(asked.cost(unit), nowUs)
    if (waitUs === 0) continue
    refusing ??= config
    retryAfterUs = Math.max(retryAfterUs, waitUs)
  }
  if (refusing === undefined) return undefined
  const { name: rule, limit, status } = refusing
  const kind = refusing.isQuota === true ? 'quota' : 'rate'
  return { admitted: false, rule, kind, limit, status, delayUs: 0, retryAfterUs }
}

function refusalByCap(limit: number, delayUs: number, retryAfterUs: number): Refusal {
  const kind = 'concurrency'
  return { admitted: false, rule: CONCURRENCY_RULE, kind, limit, status: undefined, delayUs, retryAfterUs }
}
