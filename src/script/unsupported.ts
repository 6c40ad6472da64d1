import type { AnyNode, ImportDeclaration } from 'acorn'
import { moduleObject, propertyName } from './awaits/bindings.ts'
import { identifierOf, isImportMeta, listedName } from './awaits/syntax.ts'
import type { Syntax } from './awaits/syntax.ts'
import { isSupportedModule, isSupportedName, listNames, RUN_WITH_K6 } from './supported.ts'

/** What a script uses that is not supported, at a node of the bundled module. */
export interface UnsupportedUse {
  readonly node: AnyNode
  readonly what: string
  readonly todo: string
}

/** Every name of a k6 module, and every global function of k6, that the script uses and headroom does not offer. */
export function findUnsupported(syntax: Syntax): UnsupportedUse[] {
  const uses = [
    ...syntax.nodes.flatMap(unsupportedNode),
    ...syntax.nodes.filter(isImportMeta).flatMap((node) => unsupportedMeta(syntax, node)),
    ...unsupportedMembers(syntax),
  ]
  return uses.sort((a, b) => a.node.start - b.node.start)
}

function unsupportedNode(node: AnyNode): UnsupportedUse[] {
  if (node.type === 'ImportDeclaration') return unsupportedImports(node)
  if (node.type === 'ExportNamedDeclaration' && node.source) {
    const module = String(node.source.value)
    return node.specifiers.flatMap((specifier) =>
      unsupportedName(specifier, module, listedName(specifier.local)),
    )
  }
  if (node.type === 'ExportAllDeclaration') {
    const what = `export * from '${String(node.source.value)}' hides what is exported`
    return [{ node, what, todo: 'export the names one by one' }]
  }
  if (node.type !== 'ImportExpression') return []
  return [{ node, what: 'import(…) at run time is not supported', todo: 'write an import statement' }]
}

function unsupportedImports(node: ImportDeclaration): UnsupportedUse[] {
  const module = String(node.source.value)
  return node.specifiers.flatMap((specifier) => {
    const name = specifier.type === 'ImportSpecifier' ? listedName(specifier.imported) : 'default'
    return unsupportedName(specifier, module, name)
  })
}

/** Modules that are not supported at all were reported where they are imported. */
function unsupportedName(node: AnyNode, module: string, name: string): UnsupportedUse[] {
  if (name === 'default' || !isSupportedModule(module) || isSupportedName(module, name)) return []
  const todo = `${RUN_WITH_K6}, or use what headroom has of ${module}: ${listNames(module)}`
  return [{ node, what: `${name} of ${module} is not supported`, todo }]
}

/** Names that are read of a k6 module as an object. */
function unsupportedMembers(syntax: Syntax): UnsupportedUse[] {
  return syntax.references().flatMap((reference) => {
    const module = moduleObject(reference.resolved)
    const identifier = identifierOf(reference)
    const parent = syntax.parentOf(identifier)
    if (module === undefined || parent?.type !== 'MemberExpression' || parent.object !== identifier) return []
    const name = propertyName(parent)
    return name === undefined ? [] : unsupportedName(identifier, module, name)
  })
}

function unsupportedMeta(syntax: Syntax, node: AnyNode): UnsupportedUse[] {
  const parent = syntax.parentOf(node)
  if (parent?.type === 'MemberExpression' && propertyName(parent) === 'resolve') return []
  return [{ node, what: 'import.meta has nothing but resolve(…), as on k6', todo: 'use import.meta.resolve' }]
}
