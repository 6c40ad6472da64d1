import type { Refusal } from './remote-modules.ts'

/** The part of the global `fetch` that is needed. */
export type Fetch = (url: string, init: { redirect: 'manual'; signal: AbortSignal }) => Promise<Response>

const MAX_REDIRECTS = 5
const MAX_MODULE_BYTES = 5 * 1024 * 1024
const TIMEOUT_MS = 30_000

const CHECK = 'check the address and the network, or save the file beside the script and import that'

/**
 * Fetches a module's text; says why if that fails. Bounds: 5 redirects, 5 MiB, 30 s in all. Plain `http:` only on this
 * machine, and never as a redirect from `https:`.
 */
export async function fetchText(url: string, fetch: Fetch): Promise<string | Refusal> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    let current = new URL(url)
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      if (!isAllowed(current)) {
        return { what: `${current.origin} is not https`, todo: 'import the module from an https:// address' }
      }
      const response = await fetch(current.href, { redirect: 'manual', signal })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null)
        return await readText(response)
      await response.body?.cancel()
      current = new URL(location, current)
    }
    return { what: `more than ${MAX_REDIRECTS} redirects`, todo: 'import the module from its final address' }
  } catch (error) {
    const reason = signal.aborted ? `no reply within ${TIMEOUT_MS / 1000} s` : reasonOf(error)
    return { what: `the module could not be fetched: ${reason}`, todo: CHECK }
  }
}

function isAllowed({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname))
  )
}

async function readText(response: Response): Promise<string | Refusal> {
  if (response.status !== 200) {
    await response.body?.cancel()
    return { what: `the server answered with status ${response.status}`, todo: CHECK }
  }
  const chunks: Uint8Array[] = []
  let byteCount = 0
  for await (const chunk of response.body ?? []) {
    byteCount += chunk.byteLength
    if (byteCount > MAX_MODULE_BYTES) {
      return {
        what: `the module is larger than ${MAX_MODULE_BYTES} bytes`,
        todo: 'import a smaller build of it',
      }
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: string; code?: string }; message: string }
  return cause?.message || cause?.code || message
}
