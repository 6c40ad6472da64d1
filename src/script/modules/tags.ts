/** Tags as k6 takes them: values become strings. */
export function readTags(tags: unknown): Record<string, string> {
  if (typeof tags !== 'object' || tags === null) throw new TypeError('tags must be an object')
  const result: Record<string, string> = {}
  for (const [key, value] of Object.entries(tags)) result[key] = String(value)
  return result
}
