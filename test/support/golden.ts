import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * What test/golden/<name> holds. When `got` differs it is left beside that file as <name>.got, to look at and to
 * take over.
 */
export function golden(name: string, got: string): string | undefined {
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url))
  const wanted = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  if (got === wanted) rmSync(`${path}.got`, { force: true })
  else writeFileSync(`${path}.got`, got)
  return wanted
}
