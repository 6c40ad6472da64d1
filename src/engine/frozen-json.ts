/** What the JSON text says, frozen through and through. */
export function parseFrozen(json: string): unknown {
  return JSON.parse(json, (_key, value: unknown) => Object.freeze(value))
}
