const HEAD_BYTES = 44
/** Of 32,767. */
const LOUDEST = 12_000

/** A WAV file of a tone that comes and goes three times a second, in one channel of 16-bit samples. */
export function toneAsWav(lengthS: number, samplesPerS: number): ArrayBuffer {
  const sampleCount = Math.round(lengthS * samplesPerS)
  const bytes = new ArrayBuffer(HEAD_BYTES + 2 * sampleCount)
  const view = new DataView(bytes)
  const tag = (at: number, text: string) => {
    for (let index = 0; index < text.length; index++) view.setUint8(at + index, text.charCodeAt(index))
  }
  tag(0, 'RIFF')
  view.setUint32(4, 36 + 2 * sampleCount, true)
  tag(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, samplesPerS, true)
  view.setUint32(28, 2 * samplesPerS, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  tag(36, 'data')
  view.setUint32(40, 2 * sampleCount, true)
  for (let sample = 0; sample < sampleCount; sample++) {
    const turns = (2 * Math.PI * sample) / samplesPerS
    const loudness = LOUDEST * Math.sin(1.5 * turns) ** 2
    view.setInt16(HEAD_BYTES + 2 * sample, loudness * Math.sin(220 * turns), true)
  }
  return bytes
}
