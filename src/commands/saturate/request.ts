import type { HeaderPair } from '../flags.ts'

/** What the user asked of `headroom saturate`. */
export interface SaturateRequest {
  readonly url: URL
  readonly connections: number
  readonly durationUs: number
  readonly timeoutUs: number
  readonly method: string
  readonly headers: readonly HeaderPair[]
  readonly body: string | undefined
  readonly out: string
  readonly quiet: boolean
}
