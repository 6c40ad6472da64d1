/** What can be told about recorded speech without recognizing it. */

export interface Audio {
  readonly durationUs: number
  /** What the samples are like; `speech` where they cannot be looked at. */
  readonly content: 'speech' | 'quiet' | 'silent' | 'noise' | 'broken'
}

/** Of full scale, for 16-bit samples: below the first nothing is heard, below the second nothing is understood. */
const SILENT_BELOW = 328
const QUIET_BELOW = 1_638
/** What a sample is at least that is cut off by the microphone's limit. */
const CLIPPED_FROM = 32_000

/** More would not change the picture. */
const MAX_SAMPLES_SEEN = 20_000

const PCM = 1
/** Opus counts in samples of 48 kHz whatever it was recorded with (RFC 7845). */
const OPUS_SAMPLES_PER_S = 48_000

/** Reads 16-bit PCM in WAV, or Opus in Ogg. @returns `undefined` for anything else. */
export function readAudio(bytes: Uint8Array): Audio | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (tagAt(view, 0) === 'RIFF' && tagAt(view, 8) === 'WAVE') return readWav(view)
  return tagAt(view, 0) === 'OggS' ? readOgg(view) : undefined
}

/**
 * Chunk by chunk: `fmt ` says how to read `data`. A client that streams does not know the length of what it sends, so that
 * the data go on until the end, whatever their chunk says.
 */
function readWav(view: DataView): Audio | undefined {
  let bytesPerS = 0
  for (let at = 12; at + 8 <= view.byteLength;) {
    const tag = tagAt(view, at)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (tag === 'data')
      return bytesPerS === 0 ? undefined : samplesIn(view, start, dataEnd(view, start, size), bytesPerS)
    if (tag === 'fmt ') {
      if (start + 16 > view.byteLength || !is16BitPcm(view, start)) return undefined
      bytesPerS = view.getUint32(start + 8, true)
    }
    at = start + size + (size % 2)
  }
  return undefined
}

function is16BitPcm(view: DataView, start: number): boolean {
  return view.getUint16(start, true) === PCM && view.getUint16(start + 14, true) === 16
}

/** 0 and the largest number stand for an unknown length. */
function dataEnd(view: DataView, start: number, size: number): number {
  const isUnknown = size === 0 || size === 0xffff_ffff
  return isUnknown ? view.byteLength : Math.min(start + size, view.byteLength)
}

function samplesIn(view: DataView, start: number, end: number, bytesPerS: number): Audio {
  const lengthBytes = end - start
  const durationUs = Math.round((lengthBytes * 1_000_000) / bytesPerS)
  return { durationUs, content: lengthBytes % 2 === 1 ? 'broken' : contentOf(view, start, end) }
}

function contentOf(view: DataView, start: number, end: number): Audio['content'] {
  const sampleCount = (end - start) / 2
  const step = Math.max(1, Math.ceil(sampleCount / MAX_SAMPLES_SEEN))
  let peak = 0
  let seenCount = 0
  let clippedCount = 0
  for (let at = start; at < end; at += 2 * step) {
    const level = Math.abs(view.getInt16(at, true))
    peak = Math.max(peak, level)
    seenCount++
    if (level >= CLIPPED_FROM) clippedCount++
  }
  if (peak < SILENT_BELOW) return 'silent'
  if (peak < QUIET_BELOW) return 'quiet'
  return clippedCount * 2 > seenCount ? 'noise' : 'speech'
}

/** The last page says how many samples there are up to its end. */
function readOgg(view: DataView): Audio | undefined {
  let last = -1
  for (let at = view.byteLength - 14; at >= 0 && last === -1; at--) {
    if (view.getUint32(at) === 0x4f67_6753) last = at
  }
  if (last === -1) return undefined
  const samples = Number(view.getBigInt64(last + 6, true))
  if (samples < 0) return undefined
  const durationUs = Math.round((samples * 1_000_000) / OPUS_SAMPLES_PER_S)
  return { durationUs, content: samples === 0 ? 'silent' : 'speech' }
}

function tagAt(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return ''
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  )
}
