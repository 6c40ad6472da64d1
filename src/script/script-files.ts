import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { arrayBufferOf } from './modules/bytes.ts'

/** Where `open` gets its files from. */
export interface FileStore {
  /**
   * @param path absolute
   * @throws {Error} that says why the file is not there
   */
  read(path: string): Uint8Array
  /** The same as text; what is no UTF-8 is replaced by U+FFFD. */
  readText(path: string): string
}

type Open = (path: unknown, mode?: unknown) => string | ArrayBuffer

/** Start of a name that is no path but the URL of a module from the network. */
export const REMOTE_PREFIX = 'remote:'

/** What the words `open` and `import.meta` mean in each of a script's files. */
export interface ScriptFiles {
  /** @param from path of the file that says `open`, relative to the script's folder; empty for the script itself */
  open(from: string): Open
  /** @param from as for `open` */
  meta(from: string): { readonly resolve: (specifier: unknown) => string }
}

/**
 * @param folder that of the script, absolute
 * @param isLoading whether the script's top level runs: files can be opened then only, as on k6
 */
export function createScriptFiles(folder: string, store: FileStore, isLoading: () => boolean): ScriptFiles {
  return {
    open: (from) => (path, mode) => {
      const text = String(path)
      if (!isLoading()) {
        throw new Error(
          `open(${JSON.stringify(text)}) was called in a function: open files while the script loads`,
        )
      }
      const file = pathOf(text, from, folder)
      return mode === 'b' ? arrayBufferOf(store.read(file)) : store.readText(file)
    },
    meta: (from) => ({ resolve: (specifier) => resolved(String(specifier), from, folder) }),
  }
}

/** Paths are relative to the file that names them. */
function pathOf(path: string, from: string, folder: string): string {
  if (path === '') throw new Error('open() takes the path of a file, not an empty text')
  if (path.startsWith('file:')) return fileURLToPath(path)
  if (from.startsWith(REMOTE_PREFIX) || /^https?:/.test(path))
    throw new Error(`open(${JSON.stringify(path)}): a module from the network has no files beside it`)
  return resolve(folder, dirname(from), path)
}

/** As an import statement does it, for all that has an address: k6's modules and packages have none. */
function resolved(specifier: string, from: string, folder: string): string {
  if (/^(?:https?|file):/.test(specifier)) return specifier
  if (!/^\.{0,2}\//.test(specifier)) {
    throw new Error(
      `import.meta.resolve(${JSON.stringify(specifier)}): only paths that start with ./, ../ or / and URLs have an address`,
    )
  }
  if (from.startsWith(REMOTE_PREFIX)) return new URL(specifier, from.slice(REMOTE_PREFIX.length)).href
  return pathToFileURL(resolve(folder, dirname(from), specifier)).href
}
