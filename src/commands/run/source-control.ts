import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Revision {
  readonly commit: string | undefined
  readonly branch: string | undefined
}

/** Commit and branch of the checkout in `cwd`; a CI's own variables win, because it checks out detached heads. */
export async function readRevision(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Revision> {
  const commit = env['GITHUB_SHA'] ?? env['CI_COMMIT_SHA'] ?? (await git(cwd, ['rev-parse', 'HEAD']))
  const branch =
    env['GITHUB_HEAD_REF'] ||
    env['GITHUB_REF_NAME'] ||
    env['CI_COMMIT_REF_NAME'] ||
    (await git(cwd, ['symbolic-ref', '--short', 'HEAD']))
  return { commit, branch }
}

/** Who git takes the user for; `undefined`: it does not know, or is not there. */
export function gitUser(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return git(cwd, ['config', 'user.name'], env)
}

async function git(
  cwd: string,
  args: readonly string[],
  env?: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', [...args], { cwd, timeout: 2_000, ...(env && { env: { ...env } }) })
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}
