import { Recorder } from '../../measure/recorder.ts'
import type { Secrets } from './secrets.ts'

/** A recorder whose names may be written: the default name of a request is its URL, and that may hold a key. */
export class PublicRecorder extends Recorder {
  readonly #secrets: Secrets

  constructor(secrets: Secrets) {
    super()
    this.#secrets = secrets
  }

  override nameId(name: string): number {
    return super.nameId(this.#secrets.hide(name))
  }
}
