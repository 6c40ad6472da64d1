import { parse } from 'acorn'
import type {
  AnonymousFunctionDeclaration,
  AnyNode,
  ArrowFunctionExpression,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  Program,
} from 'acorn'
import { analyze } from 'eslint-scope'
import type { Reference, ScopeManager, Variable } from 'eslint-scope'
import type * as ESTree from 'estree'

export type FunctionNode =
  | FunctionDeclaration
  | AnonymousFunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression

/** How names are scoped has not changed since this edition. */
const SCOPE_ECMA_VERSION = 2024

/** A parsed ES module with the parent of every node and its resolved names. */
export class Syntax {
  readonly code: string
  readonly program: Program
  /** Every node, parents before children, in source order. */
  readonly nodes: readonly AnyNode[]
  readonly #parents: ReadonlyMap<AnyNode, AnyNode>
  readonly #scopes: ScopeManager

  /** @throws {SyntaxError} when `code` is no ES module */
  constructor(code: string) {
    this.code = code
    this.program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true, ranges: true })
    const parents = new Map<AnyNode, AnyNode>()
    this.nodes = collect(this.program, parents)
    this.#parents = parents
    this.#scopes = analyze(this.program as ESTree.Program, {
      ecmaVersion: SCOPE_ECMA_VERSION,
      sourceType: 'module',
      ignoreEval: true,
    })
  }

  parentOf(node: AnyNode): AnyNode | undefined {
    return this.#parents.get(node)
  }

  /** The innermost function that the node is in; `undefined` in code of the module itself. */
  functionAround(node: AnyNode): FunctionNode | undefined {
    let parent = this.parentOf(node)
    while (parent && !isFunction(parent)) parent = this.parentOf(parent)
    return parent
  }

  textOf(node: AnyNode): string {
    return this.code.slice(node.start, node.end)
  }

  /** Every use of a name that is declared in the module. */
  references(): Reference[] {
    return this.#scopes.scopes.flatMap((scope) => scope.references).filter((reference) => reference.resolved)
  }

  variables(): Variable[] {
    return this.#scopes.scopes.flatMap((scope) => scope.variables)
  }

  variablesDeclaredBy(node: AnyNode): Variable[] {
    return this.#scopes.getDeclaredVariables(node as ESTree.Node)
  }

  /** Uses of names that nothing in the module declares. */
  freeIdentifiers(): Identifier[] {
    return (this.#scopes.globalScope?.through ?? []).map((reference) => identifierOf(reference))
  }
}

/** The node of a reference; eslint-scope hands back acorn's own objects under ESTree's type. */
export function identifierOf(reference: Reference): Identifier {
  return reference.identifier as unknown as Identifier
}

/** The name in an import or export list, which may be written as a text. */
export function listedName(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' ? String(node.value) : ''
}

export function isFunction(node: AnyNode | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  )
}

/** The words `import.meta`; the other such pair is `new.target`. */
export function isImportMeta(node: AnyNode): boolean {
  return node.type === 'MetaProperty' && node.meta.name === 'import'
}

function collect(root: AnyNode, parents: Map<AnyNode, AnyNode>): AnyNode[] {
  const found: AnyNode[] = []
  const visit = (node: AnyNode): void => {
    found.push(node)
    for (const child of childrenOf(node)) {
      parents.set(child, node)
      visit(child)
    }
  }
  visit(root)
  return found
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter(isNode)
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
