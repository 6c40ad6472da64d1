/** An argument as text, whatever the script gave. */
export function textOf(value: unknown): string {
  return String(value)
}
