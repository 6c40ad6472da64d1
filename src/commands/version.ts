import { readFileSync } from 'node:fs'

/** Version of the package: `dist/src/commands/` and `src/commands/` are both below its root. */
export const TOOL_VERSION: string = readVersion()

function readVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as {
        name?: string
        version?: string
      }
      if (name === 'headroom-load' && version !== undefined) return version
    } catch {
      // Not at this depth: try the next.
    }
  }
  return '0.0.0'
}
