import type { RunIdentity } from '../measure/run-identity.ts'

/**
 * Where the figures of a run come from. `planned`: every request had a time at which it was due. `closed`: a saturation, in
 * which requests follow replies, no plan is missed, and nothing is retried. `imported`: another tool, which says neither
 * what was due nor what was a retry.
 */
export type Origin = 'planned' | 'closed' | 'imported'

export function originOf({ targetKind, options }: Pick<RunIdentity, 'targetKind' | 'options'>): Origin {
  if (targetKind === 'imported') return 'imported'
  return isClosedModel(options) ? 'closed' : 'planned'
}

/** As `headroom saturate` writes them; k6 has no option of that name. */
function isClosedModel(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'model' in options && options.model === 'closed'
}
