import type { AnyNode, ExportNamedDeclaration, ImportDeclaration } from 'acorn'
import { INJECTED } from '../script-bundle.ts'
import { listedName } from './syntax.ts'
import type { Syntax } from './syntax.ts'

/** A module's imports and exports as statements of a function: reads at its beginning, a returned object at its end. */
export interface ModuleShape {
  readonly imports: string
  readonly exports: string
  /** The import and export statements, to be taken out. */
  readonly statements: readonly AnyNode[]
}

/** @throws {Error} on forms that esbuild does not emit for a bundled module */
export function moduleShape(syntax: Syntax): ModuleShape {
  const imports: string[] = []
  const exports: string[] = []
  const statements: AnyNode[] = []
  for (const node of syntax.program.body) {
    if (node.type === 'ImportDeclaration') imports.push(...readImports(node))
    else if (node.type === 'ExportNamedDeclaration' && !node.declaration) exports.push(...readExports(node))
    else if (node.type.startsWith('Export')) throw new Error(`a bundled module holds no ${node.type}`)
    else continue
    statements.push(node)
  }
  return { imports: imports.join(' '), exports: `return { ${exports.join(', ')} }`, statements }
}

function readImports(node: ImportDeclaration): string[] {
  const source = moduleAccess(node.source.value)
  return node.specifiers.map((specifier) => {
    const local = specifier.local.name
    if (specifier.type === 'ImportNamespaceSpecifier') return `const ${local} = ${source};`
    const name = specifier.type === 'ImportSpecifier' ? listedName(specifier.imported) : 'default'
    return `const ${local} = ${source}[${JSON.stringify(name)}];`
  })
}

function readExports(node: ExportNamedDeclaration): string[] {
  return node.specifiers.map((specifier) => {
    const local = listedName(specifier.local)
    const value = node.source ? `${moduleAccess(node.source.value)}[${JSON.stringify(local)}]` : local
    return `${JSON.stringify(listedName(specifier.exported))}: ${value}`
  })
}

function moduleAccess(source: unknown): string {
  return `${INJECTED.modules}[${JSON.stringify(source)}]`
}
