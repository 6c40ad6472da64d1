/** What a command has left behind in its process when it was done. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'

const WATCHED_CLI = fileURLToPath(new URL('watched-cli.js', import.meta.url))

/** As `watched-cli.js` writes it. */
interface ProcessRecord {
  /** Else the process was ended from within, as a second Ctrl-C does. */
  readonly hasReturned: boolean
  /** The event loop had nothing left to wait for. */
  readonly endedByItself: boolean
  /** Nobody handled them. */
  readonly rejections: readonly string[]
  /** Timers, handles, open files and child processes. */
  readonly leftBehind: readonly string[]
}

/** The built command, with an eye on what it leaves behind. */
export class WatchedCommand {
  /** In place of the CLI's script. */
  readonly script: string = WATCHED_CLI
  readonly env: NodeJS.ProcessEnv
  readonly #path: string

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'headroom-watched-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    this.#path = join(folder, 'record.json')
    this.env = { ...process.env, RECORD: this.#path }
  }

  /** What was written down when the process was done; `undefined`: it is not. */
  record(): ProcessRecord | undefined {
    if (!existsSync(this.#path)) return undefined
    return JSON.parse(readFileSync(this.#path, 'utf8')) as ProcessRecord
  }
}

/**
 * @param exitCode `null`: it was killed, and could write nothing down.
 * @param mayQuit it was told twice to end.
 */
export function expectNothingLeft(command: WatchedCommand, exitCode: number | null, mayQuit = false): void {
  if (exitCode === null) return
  const nothing = { rejections: [], leftBehind: [] }
  const record = command.record()
  if (mayQuit && record?.hasReturned === false) expect(record).toMatchObject(nothing)
  else expect(record).toEqual({ hasReturned: true, endedByItself: true, ...nothing })
}
