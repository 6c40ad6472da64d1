import { types } from 'node:util'
import type { VuHost } from '../../engine/host.ts'
import type { SharedArrays } from '../shared-arrays.ts'

/** The class of `k6/data`. */
export interface DataModule {
  readonly SharedArray: new (name: unknown, load: unknown) => object
}

export function createDataModule(host: VuHost, shared: SharedArrays): DataModule {
  /** What `new` gives is the shared array itself: a frozen one, of frozen elements. */
  const SharedArray = function (name: unknown, load: unknown): object {
    const text = nameOf(name)
    if (host.mayWait)
      throw new Error(`SharedArray "${text}" must be made while the script loads, outside of functions`)
    return shared.get(text, () => loaded(text, load))
  }
  return { SharedArray: SharedArray as unknown as DataModule['SharedArray'] }
}

function nameOf(name: unknown): string {
  const text = String(name)
  if (name === undefined || text === '') throw new TypeError('SharedArray takes a name that is not empty')
  return text
}

function loaded(name: string, load: unknown): readonly unknown[] {
  if (typeof load !== 'function')
    throw new TypeError(`SharedArray "${name}" takes a function that returns its elements`)
  if (types.isAsyncFunction(load))
    throw new TypeError(`the function of SharedArray "${name}" must not be async`)
  const elements: unknown = load()
  if (Array.isArray(elements)) return elements
  throw new TypeError(`the function of SharedArray "${name}" must return an array, not ${typeof elements}`)
}
