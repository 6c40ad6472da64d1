/** A pattern of gjson: `*` is any text, `?` any character, a backslash takes its meaning from what follows. */
export function wildcard(pattern: string): RegExp {
  const source = pattern.replaceAll(/\\?[^]/gu, (piece) => {
    if (piece === '*') return '.*'
    if (piece === '?') return '.'
    const letter = piece.length > 1 && piece.startsWith('\\') ? piece.slice(1) : piece
    return letter.replace(/[\\^$.*+?()[\]{}|]/u, '\\$&')
  })
  return new RegExp(`^${source}$`, 'su')
}
