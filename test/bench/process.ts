import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Finished {
  readonly stdout: string
  /** User and system time of the whole process, seconds. */
  readonly cpuS: number
}

/** Runs a command to its end under the shell's own accounting of CPU time. @throws when it fails. */
export async function runTimed(command: readonly string[]): Promise<Finished> {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"'
  const child = spawn('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  const times = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr)
  if (code !== 0 || times === null) throw new Error(`${command.join(' ')} failed (${code}): ${stderr}`)
  return { stdout, cpuS: Number(times[1]) + Number(times[2]) }
}

export async function isInstalled(command: string): Promise<boolean> {
  const child = spawn('bash', ['-c', `command -v ${command}`], { stdio: 'ignore' })
  const [code] = (await once(child, 'close')) as [number]
  return code === 0
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}
