import type { AnyNode, Identifier, ImportDeclaration } from 'acorn'
import { moduleObject, propertyName } from './awaits/bindings.ts'
import { identifierOf, listedName } from './awaits/syntax.ts'
import type { Syntax } from './awaits/syntax.ts'
import {
  hasWaiting,
  isSupportedModule,
  isSupportedName,
  listNames,
  RUN_WITH_K6,
  UNSUPPORTED_GLOBALS,
} from './supported.ts'

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
    ...unsupportedMembers(syntax),
    ...syntax.freeIdentifiers().flatMap((identifier) => unsupportedGlobal(syntax, identifier)),
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
  if (node.type === 'MetaProperty' && node.meta.name === 'import') {
    return [{ node, what: 'import.meta is not supported yet', todo: RUN_WITH_K6 }]
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
  return [{ node, what: `${name} of ${module} is not supported yet`, todo }]
}

/** Uses of a k6 module as an object: reading a name of it, or handing it on. */
function unsupportedMembers(syntax: Syntax): UnsupportedUse[] {
  return syntax.references().flatMap((reference) => {
    const module = moduleObject(reference.resolved)
    return module === undefined ? [] : unsupportedMember(syntax, identifierOf(reference), module)
  })
}

function unsupportedMember(syntax: Syntax, identifier: Identifier, module: string): UnsupportedUse[] {
  const parent = syntax.parentOf(identifier)
  if (parent?.type === 'MemberExpression' && parent.object === identifier) {
    const name = propertyName(parent)
    return name === undefined ? [] : unsupportedName(identifier, module, name)
  }
  const isHarmless = parent?.type === 'ExportSpecifier' || parent?.type === 'UnaryExpression'
  if (isHarmless || !hasWaiting(module)) return []
  const { name } = identifier
  const what = `${name} (all of ${module}) is used as a value, where headroom cannot see its calls`
  return [{ node: identifier, what, todo: `call its functions where they are needed, as ${name}.name(…)` }]
}

function unsupportedGlobal(syntax: Syntax, identifier: Identifier): UnsupportedUse[] {
  if (!UNSUPPORTED_GLOBALS.includes(identifier.name)) return []
  if (syntax.parentOf(identifier)?.type !== 'CallExpression') return []
  return [{ node: identifier, what: `${identifier.name}(…) is not supported yet`, todo: RUN_WITH_K6 }]
}
