/** Whether a header field has that name, whatever its case. The length first: most names differ in it already. */
export function isNamed(name: string, lowerCaseName: string): boolean {
  return name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName
}
