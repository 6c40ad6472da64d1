import type { AzureMlConfig } from '../config.ts'
import { assumed, KEYS, type Profile, published } from './profile.ts'

const SCALING = 'azure-docs machine-learning/studio/scaling-webservice.md'

export const AZUREML_LOW: Profile = azureMl('azureml-low', 'Low', 4)
export const AZUREML_HIGH_20: Profile = azureMl('azureml-high-20', 'High', 20)
export const AZUREML_HIGH_200: Profile = azureMl('azureml-high-200', 'High', 200)

const FREE: Profile = azureMl('azureml-free', 'Low', 4)
export const AZUREML_FREE: Profile = {
  ...FREE,
  tier: 'free',
  service: { ...service('Low'), isFreeWorkspace: true },
}

function azureMl(name: string, throttleLevel: AzureMlConfig['throttleLevel'], concurrency: number): Profile {
  return {
    name,
    title: 'AzureML classic endpoint',
    tier: `${throttleLevel} ${concurrency}`,
    service: service(throttleLevel),
    rules: [],
    concurrency: published(concurrency, SCALING),
    // No Retry-After is documented on the 503.
    signals: { retryAfter: 'none' },
    latency: assumed({ kind: 'fixed', us: 50_000 }, `the example of ${SCALING}`),
  }
}

function service(throttleLevel: AzureMlConfig['throttleLevel']): AzureMlConfig {
  return { kind: 'azureml', throttleLevel, keys: KEYS, workspaceToken: 'mock-workspace-token' }
}
