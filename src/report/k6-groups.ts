import type { PlacedCheck } from '../measure/checks.ts'

export interface K6Check {
  readonly name: string
  /** `::group::check`. */
  readonly path: string
  readonly id: string
  readonly passes: number
  readonly fails: number
}

export interface K6Group {
  /** Empty for the root. */
  readonly name: string
  /** `::outer::inner`, empty for the root. */
  readonly path: string
  readonly id: string
  readonly groups: readonly K6Group[]
  readonly checks: readonly K6Check[]
}

/** A group while the tree grows. */
interface Node {
  readonly name: string
  readonly path: string
  readonly groups: Node[]
  readonly checks: Map<string, { passes: number; fails: number }>
}

const SEPARATOR = '::'

/** Groups and checks of all scenarios together, as a tree from the root; groups without checks too. */
export function groupTree(
  checks: readonly PlacedCheck[],
  groups: readonly string[],
  md5: (text: string) => string,
): K6Group {
  const root = node('')
  const nodes = new Map([['', root]])
  for (const path of groups) nodeAt(nodes, path)
  for (const { group, name, passes, fails } of checks) {
    const { checks: tallies } = nodeAt(nodes, group)
    const { passes: before = 0, fails: failsBefore = 0 } = tallies.get(name) ?? {}
    tallies.set(name, { passes: before + passes, fails: failsBefore + fails })
  }
  return toGroup(root, md5)
}

function node(path: string): Node {
  const name = path.slice(path.lastIndexOf(SEPARATOR) + SEPARATOR.length)
  return { name, path, groups: [], checks: new Map() }
}

function nodeAt(nodes: Map<string, Node>, path: string): Node {
  const known = nodes.get(path)
  if (known !== undefined) return known
  const made = node(path)
  nodes.set(path, made)
  nodeAt(nodes, path.slice(0, Math.max(path.lastIndexOf(SEPARATOR), 0))).groups.push(made)
  return made
}

function toGroup({ name, path, groups, checks }: Node, md5: (text: string) => string): K6Group {
  return {
    name,
    path,
    id: md5(path),
    groups: groups.map((group) => toGroup(group, md5)),
    checks: [...checks].map(([check, { passes, fails }]) => {
      const checkPath = `${path}${SEPARATOR}${check}`
      return { name: check, path: checkPath, id: md5(checkPath), passes, fails }
    }),
  }
}
