import type { VuStage } from '../../src/load/vu-ramp.ts'

/**
 * The number of VUs that a ramp stands for at whole µs `timeUs`: looked up stage by stage, in fractions of whole
 * numbers; slow and exact.
 */
export function vusAt(startVus: number, stages: readonly VuStage[], timeUs: number): number {
  let fromUs = 0
  let from = startVus
  for (const { durationUs, target } of stages) {
    if (timeUs < fromUs + durationUs) {
      const moved = (BigInt(timeUs - fromUs) * BigInt(Math.abs(target - from))) / BigInt(durationUs)
      return target >= from ? from + Number(moved) : from - Number(moved)
    }
    fromUs += durationUs
    from = target
  }
  return from
}
