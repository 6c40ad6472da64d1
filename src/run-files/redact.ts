const BLANK = '[redacted]'

/** Shorter values of `-e` ("5m", "10") stand inside too much other text to be searched for; they are compared whole. */
const SEARCHED_CHARACTERS = 6

/** Names of headers, options and fields whose text is a secret: `Authorization`, `Ocp-Apim-Subscription-Key`, `apiKey`, `password`. */
const SECRET_NAME =
  /authori[sz]ation|cookie|token|secret|passw|passphrase|credential|signature|^sig$|^env$|keys?\d*$/i

/** The value of an Authorization header, wherever it stands. */
const AUTHORIZATION = /^(?:bearer|basic)\s+\S/i

/** `user:password@` after a scheme. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi

/** Query and fragment, up to the next URL of a comma-separated list. */
const QUERY = /[?#].*?(?=,[a-z][a-z0-9+.-]*:\/\/|$)/gis

/** A target without credentials, query and fragment: one URL, several with commas between, or a mock spec (unchanged). */
export function publicTarget(target: string): string {
  return target.includes('://') ? target.replaceAll(USER_INFO, '$1').replaceAll(QUERY, '') : target
}

/**
 * A copy of plain data that may be written to a file: text under a secret's name is blanked out, text with one of
 * `secretValues` in it too, and URLs lose credentials and query. Numbers and booleans stay.
 */
export function redact(value: unknown, secretValues: readonly string[]): unknown {
  if (typeof value === 'string') return holdsSecret(value, secretValues) ? BLANK : publicTarget(value)
  if (Array.isArray(value)) return value.map((item) => redact(item, secretValues))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      SECRET_NAME.test(name) ? blanked(field) : redact(field, secretValues),
    ]),
  )
}

function holdsSecret(text: string, secretValues: readonly string[]): boolean {
  if (text === '') return false
  const holds = (secret: string): boolean =>
    text === secret || (secret.length >= SEARCHED_CHARACTERS && text.includes(secret))
  return AUTHORIZATION.test(text) || secretValues.some(holds)
}

/** Keeps the shape, so that names and numbers (`tokens: 1000` is a limit, no secret) can still be read. */
function blanked(value: unknown): unknown {
  if (typeof value === 'string') return BLANK
  if (Array.isArray(value)) return value.map(blanked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, blanked(field)]))
}
