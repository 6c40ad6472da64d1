/** What the user asked of `headroom saturate`. */
export interface SaturateRequest {
  readonly url: URL
  readonly connections: number
  readonly durationUs: number
  readonly timeoutUs: number
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | undefined
  readonly out: string
  readonly quiet: boolean
}
