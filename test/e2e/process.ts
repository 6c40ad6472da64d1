/** The built command as a process of its own, for signals and for what a killed process leaves behind. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, onTestFinished } from 'vitest'
import { expectNothingLeft, WatchedCommand } from './left-behind.ts'

interface ProcessEnd {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Process {
  readonly pid: number
  /** Rejects when it has left something behind in its process. */
  readonly end: Promise<ProcessEnd>
  /** As Ctrl-C does: the command and everything that it has started get SIGINT. */
  interrupt(): void
  /** Ends the command alone, without a chance to do anything about it. */
  kill(): void
  /** Resolves when the condition holds of what was written so far. */
  sees(condition: (stderr: string, stdout: string) => boolean): Promise<void>
}

/** Starts `headroom …`; it does not outlive the test. */
export async function spawnHeadroom(argv: readonly string[], cwd: string): Promise<Process> {
  // A process group of its own, as a shell gives it.
  const watched = new WatchedCommand()
  const { env } = watched
  const child = spawn(process.execPath, [watched.script, ...argv], { cwd, env, detached: true })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  let interruptCount = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const end = new Promise<ProcessEnd>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  }).then((ended) => {
    expectNothingLeft(watched, ended.exitCode, interruptCount > 1)
    return ended
  })
  await new Promise((resolve) => child.once('spawn', resolve))
  const { pid } = child
  if (pid === undefined) throw new Error('the command did not start')
  return {
    pid,
    end,
    interrupt: () => {
      interruptCount++
      process.kill(-pid, 'SIGINT')
    },
    kill: () => void child.kill('SIGKILL'),
    sees: async (condition) => {
      await expect.poll(() => condition(stderr, stdout), { timeout: 10_000 }).toBe(true)
    },
  }
}

/** A module of that text, for Node's `--import`: it comes before the command, in each of its threads. */
export function preload(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`
}

/** The process id of the mock that the command has started. Reads /proc, where there is one. */
export async function mockOf(parentPid: number): Promise<number> {
  const find = (): number | undefined => childrenOf(parentPid).find(isMock)
  await expect.poll(find, { timeout: 10_000 }).toBeDefined()
  return find() ?? 0
}

function isMock(pid: number): boolean {
  return readText(`/proc/${pid}/cmdline`).includes('mock-server')
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number)
}

/** The fourth field; the second, the command's name, stands in brackets and may hold anything. */
function parentOf(pid: string): number {
  const [, parent] = readText(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(parent)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process is gone.
    return ''
  }
}

/** Whether a process of that number runs; one that has ended and waits to be noticed does not. */
export function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false
  return !/^\d+ \(.*\) Z/s.test(readText(`/proc/${pid}/stat`))
}
