import type { Rng } from '../../src/core/rng.ts'
import type { ResourceConfig } from '../config.ts'
import { createAzureMlService } from './azureml.ts'
import { createCognitiveService } from './cognitive.ts'
import { createCustomService } from './custom.ts'
import { createDirectLineService } from './direct-line.ts'
import { behindFlatGateway } from './flat-gateway.ts'
import { createLanguageService } from './language.ts'
import { createPersonalizerService } from './personalizer/service.ts'
import { createLuisService } from './luis.ts'
import { createQnaMakerService } from './qna-maker.ts'
import { createQuestionAnsweringService } from './question-answering.ts'
import type { Service } from './service.ts'
import { createSpeechService } from './speech.ts'
import { createTranslatorService } from './translator.ts'

/** @param startUnixMs the date at time 0. */
export function createService(config: ResourceConfig, rng: Rng, startUnixMs: number): Service {
  const service = createOwnService(config, rng, startUnixMs)
  const isFlat = 'gateway' in config.service && config.service.gateway === 'flat'
  return isFlat ? behindFlatGateway(service) : service
}

/** The service as it is behind a gateway of today. */
function createOwnService(
  { service, concurrency = Infinity }: ResourceConfig,
  rng: Rng,
  startUnixMs: number,
): Service {
  switch (service.kind) {
    case 'personalizer':
      return createPersonalizerService(service, rng, startUnixMs)
    case 'azureml':
      return createAzureMlService(service, concurrency, rng)
    case 'cognitive':
      return createCognitiveService(service, rng)
    case 'language':
      return createLanguageService(service, rng)
    case 'translator':
      return createTranslatorService(service, rng)
    case 'speech':
      return createSpeechService(service, rng)
    case 'qna-maker':
      return createQnaMakerService(service)
    case 'question-answering':
      return createQuestionAnsweringService(service, rng)
    case 'luis':
      return createLuisService(service, rng)
    case 'direct-line':
      return createDirectLineService(service, rng, startUnixMs)
    default:
      return createCustomService(service)
  }
}
