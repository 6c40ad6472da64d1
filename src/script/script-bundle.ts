import type { EncodedSourceMap } from '@jridgewell/trace-mapping'

/** A place in a file of the user, as shown to the user: path relative to the working directory, 1-based line and column. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Something that waits, or may wait, which the guard can name at run time. */
export interface WaitSite extends SourcePosition {
  /** A call where nothing can be inserted, or a function that waits: the latter is to blame only if its caller does not wait. */
  readonly kind: 'call' | 'function'

  /** The call, e.g. `http.get` or the name of a function of the script. */
  readonly what: string
  /** Completes "it stands …", e.g. `inside a callback of .map`. */
  readonly why: string
  /** What to write instead. */
  readonly rewrite: string
}

/** A script made ready to run. Plain data: it crosses to the worker as is. */
export interface ScriptBundle {
  /** The script, as shown to the user. */
  readonly file: string
  /** Absolute path of the folder that the script lies in. */
  readonly folder: string
  /** Body of a function whose parameters `load.ts` defines; it returns a promise of the exports. */
  readonly code: string
  readonly maps: {
    /** From `code` to the bundled module. */
    readonly inserted: EncodedSourceMap
    /** From the bundled module to the user's files; its sources are paths as shown to the user. */
    readonly bundled: EncodedSourceMap
  }
  /** Of the bundled module before any insertion, in hex. Holds no absolute path: equal on every machine. */
  readonly sha256: string
  readonly sites: readonly WaitSite[]
}

/** Parameters of `ScriptBundle.code` that the inserted text refers to. */
export const INJECTED = {
  modules: '__modules',
  runtime: '__headroom',
  waits: '__waits',
  files: '__files',
} as const

/** `file:line`, the form in which messages name a place. */
export function formatPosition(position: SourcePosition): string {
  return `${position.file}:${position.line}`
}
