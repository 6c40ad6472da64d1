import type { HeaderPair } from '../flags.ts'

/** What the user asked of `headroom saturate`, read from the command line but not yet checked against its files. */
export interface SaturateRequest {
  /** Where to ask, or what paths and scripts are relative to; `undefined` when the request file has it all, or with `self`. */
  readonly url: URL | undefined
  /** A JSON file with the request; relative to the working directory. */
  readonly requestFile: string | undefined
  /** A k6 script whose first request is taken. */
  readonly script: string | undefined
  /** Given with `-e`, for the script; the values never reach a file. */
  readonly env: Readonly<Record<string, string>>
  /** The next three win over what file and script say. */
  readonly method: string | undefined
  readonly headers: readonly HeaderPair[]
  readonly body: string | undefined
  /** Connections of each step, increasing. */
  readonly connectionSteps: readonly number[]
  readonly stepDurationUs: number
  readonly timeoutUs: number
  /** Also measure what the generator itself can do on this machine. */
  readonly self: boolean
  readonly out: string
  readonly quiet: boolean
}

/** The one request that is sent again and again. */
export interface ClosedCall {
  readonly url: URL
  readonly method: string
  readonly headers: readonly HeaderPair[]
  readonly body: string | Uint8Array | undefined
}

/** The URL as it may be shown and written: without credentials and query, where keys stand. */
export function shownUrl({ url }: Pick<ClosedCall, 'url'>): string {
  return `${url.origin}${url.pathname}`
}

/** What autocannon can send. */
export const METHODS: readonly string[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]

export function isMethod(method: string): boolean {
  return METHODS.includes(method.toUpperCase())
}
