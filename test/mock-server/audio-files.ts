/** Recordings for tests. */

const SAMPLES_PER_S = 16_000

/** 16-bit mono WAV at 16 kHz whose samples swing between `peak` and its negative. */
export function wav(durationS: number, peak: number): Uint8Array {
  const sampleCount = Math.round(durationS * SAMPLES_PER_S)
  const bytes = new Uint8Array(44 + 2 * sampleCount)
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode('RIFF....WAVEfmt '))
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, SAMPLES_PER_S, true)
  view.setUint32(28, 2 * SAMPLES_PER_S, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  bytes.set(new TextEncoder().encode('data'), 36)
  view.setUint32(40, 2 * sampleCount, true)
  for (let n = 0; n < sampleCount; n++) view.setInt16(44 + 2 * n, n % 2 === 0 ? peak : -peak, true)
  return bytes
}

/** The pages of an Ogg stream of Opus: all that is in them is where they end. */
export function ogg(...pageEndsS: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(28 * pageEndsS.length)
  const view = new DataView(bytes.buffer)
  for (const [index, endS] of pageEndsS.entries()) {
    bytes.set(new TextEncoder().encode('OggS'), 28 * index)
    view.setBigInt64(28 * index + 6, BigInt(endS * 48_000), true)
  }
  return bytes
}
