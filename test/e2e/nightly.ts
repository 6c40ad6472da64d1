/** scenarios/nightly.sh and the workflow around it, as a CI runs them. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url))
export const NIGHTLY_SCRIPT: string = fileURLToPath(new URL('../../scenarios/nightly.sh', import.meta.url))
export const WORKFLOW: string = fileURLToPath(new URL('../../.github/workflows/nightly.yml', import.meta.url))

export interface ShellEnd {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ShellPlace {
  readonly cwd: string
  /** Beside PATH and HOME; nothing else is inherited, least of all from the CI in which the tests run. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs bash to its end; it does not outlive the test. */
export function bash(args: readonly string[], { cwd, env = {} }: ShellPlace, input = ''): Promise<ShellEnd> {
  const { PATH = '', HOME = '' } = process.env
  // A process group of its own, so that what it has started ends with it.
  const child = spawn('bash', args, { cwd, env: { PATH, HOME, ...env }, detached: true })
  onTestFinished(() => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

/** `nightly.sh …` with the built command as `headroom`. Variables are those of its head. */
export function nightly(
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<ShellEnd> {
  const bin = join(cwd, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'headroom'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`)
  chmodSync(join(bin, 'headroom'), 0o755)
  const path = [bin, process.env['PATH'] ?? ''].join(delimiter)
  return bash([NIGHTLY_SCRIPT, ...args], { cwd, env: { PATH: path, HEADROOM: 'headroom', ...variables } })
}
