/** First and end (one behind the last) of each run of `true`. */
export function stretches(flags: readonly boolean[]): [first: number, end: number][] {
  const found: [number, number][] = []
  flags.forEach((flag, i) => {
    if (!flag) return
    const last = found.at(-1)
    if (last?.[1] === i) last[1] = i + 1
    else found.push([i, i + 1])
  })
  return found
}
