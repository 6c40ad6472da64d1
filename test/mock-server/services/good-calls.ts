/** A call that each service takes. */
import { createApp, type MockApp } from '../../../mock-server/app.ts'
import type { MockRequest } from '../../../mock-server/exchange.ts'
import { wav } from '../audio-files.ts'
import { configOf, json, request } from '../requests.ts'

type Headers = Readonly<Record<string, string>>

export interface GoodCall {
  /** The profile. */
  readonly spec: string
  /** How a key is sent. */
  readonly keyHeader: (key: string) => Headers
  readonly method?: string
  readonly path: string
  /** Absent: audio. */
  readonly body?: unknown
  /** Only where it is no JSON. */
  readonly mediaType?: string
}

export function subscriptionKey(key: string): Headers {
  return { 'ocp-apim-subscription-key': key }
}
const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` })
const endpointKey = (key: string): Headers => ({ authorization: `EndpointKey ${key}` })

const DOCUMENTS = { documents: [{ id: '1', text: 'good' }] }

export type CallName =
  | 'Personalizer Rank, v1.0'
  | 'Personalizer Rank, v1.1'
  | 'Personalizer Reward'
  | 'Text Analytics'
  | 'Language'
  | 'custom question answering'
  | 'LUIS'
  | 'Speech'
  | 'any service behind the gateway'
  | 'Translator'
  | 'QnA Maker'
  | 'Direct Line'
  | 'AzureML scoring'
  | 'AzureML management'

export const GOOD_CALLS: Readonly<Record<CallName, GoodCall>> = {
  'Personalizer Rank, v1.0': {
    keyHeader: subscriptionKey,
    spec: 'personalizer-s0',
    path: '/personalizer/v1.0/rank',
    body: { actions: [{ id: 'a', features: [] }] },
  },
  'Personalizer Rank, v1.1': {
    keyHeader: subscriptionKey,
    spec: 'personalizer-s0',
    path: '/personalizer/v1.1-preview.1/rank',
    body: { actions: [{ id: 'a', features: [] }] },
  },
  'Personalizer Reward': {
    keyHeader: subscriptionKey,
    spec: 'personalizer-s0',
    path: '/personalizer/v1.1-preview.1/events/e/reward',
    body: { value: 1 },
  },
  'Text Analytics': {
    keyHeader: subscriptionKey,
    spec: 'language-s',
    path: '/text/analytics/v3.1/sentiment',
    body: DOCUMENTS,
  },
  Language: {
    keyHeader: subscriptionKey,
    spec: 'language-s',
    path: '/language/:analyze-text?api-version=2022-05-01',
    body: { kind: 'SentimentAnalysis', analysisInput: DOCUMENTS },
  },
  'custom question answering': {
    keyHeader: subscriptionKey,
    spec: 'cqa-s',
    path: '/language/:query-knowledgebases?projectName=p&deploymentName=d&api-version=2021-10-01',
    body: { question: 'why' },
  },
  LUIS: {
    keyHeader: subscriptionKey,
    spec: 'luis-s0',
    path: '/luis/v3.0/apps/11111111-2222-3333-4444-555555555555/slots/production/predict',
    body: { query: 'hello' },
  },
  Speech: {
    keyHeader: subscriptionKey,
    spec: 'speech-s0',
    path: '/speech/recognition/conversation/cognitiveservices/v1?language=en-US',
    mediaType: 'audio/wav',
  },
  'any service behind the gateway': {
    keyHeader: subscriptionKey,
    spec: 'cognitive-default',
    path: '/anything',
    body: {},
  },
  Translator: {
    keyHeader: subscriptionKey,
    spec: 'translator-s1',
    path: '/translate?api-version=3.0&to=fr',
    body: [{ Text: 'a' }],
  },
  'QnA Maker': {
    spec: 'qnamaker-50',
    keyHeader: endpointKey,
    path: '/qnamaker/knowledgebases/11111111-2222-3333-4444-555555555555/generateAnswer',
    body: { question: 'why' },
  },
  'Direct Line': {
    spec: 'direct-line-s1',
    keyHeader: bearer,
    path: '/v3/directline/conversations/CONVERSATION/activities',
    body: { type: 'message', from: { id: 'user' }, text: 'hello' },
  },
  'AzureML scoring': {
    spec: 'azureml-low',
    keyHeader: bearer,
    path: '/workspaces/w/services/s/execute?api-version=2.0',
    body: { Inputs: { input1: [{ a: 1 }] } },
  },
  'AzureML management': {
    spec: 'azureml-high-20',
    keyHeader: (key) => bearer(key === 'mock-key-1' ? 'mock-workspace-token' : key),
    method: 'PATCH',
    path: '/workspaces/w/webservices/s/endpoints/default',
    body: { MaxConcurrentCalls: 30 },
  },
}

const UTF8 = new TextEncoder()

/** A mock and the call that it takes, with the first key. @param options of the spec, beside the profile. */
export function prepare(call: GoodCall, options = 'latency=0s'): { app: MockApp; good: MockRequest } {
  const { spec, keyHeader, method = 'POST', path, body, mediaType = 'application/json' } = call
  const app = createApp(configOf(`${spec},${options}`), 1)
  const good = {
    method,
    path: path.replace('CONVERSATION', () => startConversation(app)),
    headers: { ...keyHeader('mock-key-1'), 'content-type': mediaType },
    body: body === undefined ? wav(1, 10_000) : UTF8.encode(JSON.stringify(body)),
  }
  return { app, good }
}

function startConversation(app: MockApp): string {
  const asked = { method: 'POST', path: '/v3/directline/conversations', headers: bearer('mock-key-1') }
  return json(app.handle(request(asked), 0))['conversationId'] as string
}
