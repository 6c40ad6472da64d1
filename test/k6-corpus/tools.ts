/** The two tools as processes of their own. */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { headroomArguments, k6Arguments, type Tool, type ToolEnd } from './observation.ts'

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url))

export const HEADROOM: Tool = {
  name: 'headroom',
  run: (job, cwd) =>
    runProcess(process.execPath, [CLI, ...headroomArguments(job)], cwd, { XDG_CACHE_HOME: cwd }),
}

/** @param path where the executable lies. */
export function k6At(path: string): Tool {
  // It asks the network about nothing but the target then.
  const quiet = { K6_NO_USAGE_REPORT: 'true' }
  return { name: 'k6', run: (job, cwd) => runProcess(path, k6Arguments(job), cwd, quiet) }
}

/** The first executable of that name in the folders of PATH. */
export function findExecutable(name: string, path: string): string | undefined {
  const files = path.split(delimiter).map((folder) => join(folder, name))
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function runProcess(
  command: string,
  argv: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<ToolEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { cwd, env: { ...process.env, ...variables } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}
