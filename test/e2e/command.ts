/** The built command inside the test's own process, on a terminal that the test holds. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import type { Io, OutputStream } from '../../src/commands/io.ts'
import type * as Program from '../../src/commands/program.ts'
import { plainStyler, type Styler } from '../../src/report/style.ts'

/** The worker and the mock are started from the built package, so that is what runs here. */
const PROGRAM = new URL('../../dist/src/commands/program.js', import.meta.url).href
// Starting a worker takes its time on a machine that does other things as well.
vi.setConfig({ testTimeout: 60_000 })

const { runCommandLine } = (await import(PROGRAM)) as typeof Program

export interface Terminal {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** A terminal of this many columns on stderr; none: a pipe. */
  readonly columns?: number
  readonly style?: Styler
}

export interface CommandEnd {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** A command under way. */
export interface RunningCommand {
  readonly end: Promise<CommandEnd>
  /** What it has written so far. */
  readonly stdout: string
  readonly stderr: string
  /** As Ctrl-C does. */
  interrupt(): void
}

/** Runs `headroom …` to its end. */
export function headroom(argv: readonly string[], terminal: Terminal = {}): Promise<CommandEnd> {
  return startHeadroom(argv, terminal).end
}

export function startHeadroom(argv: readonly string[], terminal: Terminal = {}): RunningCommand {
  const stdout = new CapturedStream(undefined)
  const stderr = new CapturedStream(terminal.columns, terminal.style)
  const listeners = new Set<() => void>()
  const io: Io = {
    stdout,
    stderr,
    env: terminal.env ?? {},
    cwd: terminal.cwd ?? tmpdir(),
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    quit: (exitCode) => {
      throw new Error(`the command quit with ${exitCode}`)
    },
  }
  const end = runCommandLine(argv, io).then((exitCode) => ({
    exitCode,
    stdout: stdout.text,
    stderr: stderr.text,
  }))
  return {
    end,
    get stdout() {
      return stdout.text
    },
    get stderr() {
      return stderr.text
    },
    interrupt: () => {
      for (const listener of listeners) listener()
    },
  }
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'headroom-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

class CapturedStream implements OutputStream {
  text = ''
  readonly isTTY: boolean
  readonly columns: number | undefined
  readonly style: Styler

  constructor(columns: number | undefined, style: Styler = plainStyler) {
    this.isTTY = columns !== undefined
    this.columns = columns
    this.style = style
  }

  write(text: string): void {
    this.text += text
  }
}
