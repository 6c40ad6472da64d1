import { describe, expect, test } from 'vitest'
import type { MockApp } from '../../../mock-server/app.ts'
import type { MockRequest, ReplyPlan } from '../../../mock-server/exchange.ts'
import { header, json, request } from '../requests.ts'
import { app, errorOf, manage, score, statusesAt } from './azureml-calls.ts'

describe('managing an endpoint', () => {
  const settings = (plan: ReplyPlan): unknown[] => [
    plan.status,
    json(plan)['ThrottleLevel'],
    json(plan)['MaxConcurrentCalls'],
  ]
  const capOf = (mock: MockApp): unknown => mock.state(0).resources[0]?.concurrency

  test('it describes itself as configured', () => {
    expect(settings(app('azureml-high-200').handle(manage('GET'), 0))).toEqual([200, 'High', 200])
    expect(json(app().handle(manage('GET'), 0))).toEqual({
      Name: 'default',
      Description: '',
      WorkspaceId: 'ws',
      WebServiceId: 'id',
      ApiLocation: 'http://mock:80/workspaces/ws/services/id',
      HelpLocation: 'http://mock:80/workspaces/ws/services/id/help',
      PrimaryKey: 'mock-key-1',
      SecondaryKey: 'mock-key-2',
      MaxConcurrentCalls: 4,
      ThrottleLevel: 'Low',
      DiagnosticsTraceLevel: 'None',
      PreventUpdate: false,
      Resources: [],
    })
  })

  test('T2b: Low stays at 4 whatever is asked for', () => {
    const mock = app('azureml-high-20')
    expect(
      settings(mock.handle(manage('PATCH', { ThrottleLevel: 'Low', MaxConcurrentCalls: 50 }), 0)),
    ).toEqual([200, 'Low', 4])
    expect(capOf(mock)).toBe(4)
    expect(statusesAt(mock, score(), 5)).toEqual([200, 200, 200, 200, 503])
  })

  test.each([
    [4, 'Low', 4],
    [7, 'High', 7],
    [300, 'High', 300],
    [null, 'High', null],
  ])('a cap of %s set by the admin API shows as %s, %s, also after a reset', (concurrency, level, shown) => {
    const mock = app('azureml-high-20')
    const patch = request({
      method: 'PATCH',
      path: '/__mock/limits',
      body: { concurrency },
    })
    expect(mock.handle(patch, 0).status).toBe(200)
    expect(settings(mock.handle(manage('GET'), 0))).toEqual([200, level, shown])
    mock.handle(request({ method: 'POST', path: '/__mock/reset' }), 0)
    expect(settings(mock.handle(manage('GET'), 0))).toEqual([200, level, shown])
  })

  test('High takes 20 to 200, 20 unless given, and keeps what PATCH leaves out', () => {
    const mock = app()
    expect(settings(mock.handle(manage('PATCH', { ThrottleLevel: 'High' }), 0))).toEqual([200, 'High', 20])
    expect(settings(mock.handle(manage('PATCH', { MaxConcurrentCalls: 200 }), 0))).toEqual([200, 'High', 200])
    const plan = mock.handle(manage('PATCH', { Description: 'x', PreventUpdate: true }), 0)
    expect([settings(plan), json(plan)['Description'], json(plan)['PreventUpdate']]).toEqual([
      [200, 'High', 200],
      'x',
      true,
    ])
    expect(capOf(mock)).toBe(200)
    expect(settings(mock.handle(manage('PUT', { ThrottleLevel: 'High' }), 0))).toEqual([200, 'High', 20])
    expect(settings(mock.handle(manage('PUT', {}), 0))).toEqual([200, 'Low', 4])
    expect(capOf(mock)).toBe(4)
  })

  test.each<[string, unknown, string]>([
    [
      'too many',
      { ThrottleLevel: 'High', MaxConcurrentCalls: 201 },
      'WebServiceTooManyConcurrentRequestRequirement',
    ],
    [
      'too few',
      { ThrottleLevel: 'High', MaxConcurrentCalls: 19 },
      'WebServiceConcurrentRequestRequirementInvalid',
    ],
    ['half a call', { ThrottleLevel: 'High', MaxConcurrentCalls: 20.5 }, 'RequestBodyInvalid'],
    ['another level', { ThrottleLevel: 'Medium' }, 'RequestBodyInvalid'],
    ['a description of numbers', { Description: 1 }, 'RequestBodyInvalid'],
    ['a prevention that is no yes or no', { PreventUpdate: 'yes' }, 'RequestBodyInvalid'],
    ['no object', [], 'RequestBodyInvalid'],
  ])('refuses %s and changes nothing', (_story, body, detailCode) => {
    const mock = app()
    expect(errorOf(mock.handle(manage('PATCH', body), 0))).toEqual([400, 'BadArgument', detailCode])
    expect([capOf(mock), settings(mock.handle(manage('GET'), 0))]).toEqual([4, [200, 'Low', 4]])
  })

  test('asks for the token of the workspace, and is no part of the load', () => {
    const mock = app()
    const stranger = mock.handle(manage('GET', undefined, 'default', 'mock-key-1'), 0)
    expect(errorOf(stranger)).toEqual([401, 'Unauthorized', 'ManagementRequestUnauthorized'])
    mock.handle(manage('GET'), 0)
    expect(header(mock.handle(manage('POST'), 0), 'Allow')).toBe('GET, PUT, PATCH, DELETE')
    expect(mock.state(0).resources[0]?.operations['manage-endpoint']).toMatchObject({
      requestCount: 3,
      admittedCount: 0,
      invalidCount: 2,
      managedCount: 1,
    })
  })
})

describe('several endpoints', () => {
  interface Endpoint {
    readonly Name: string
    readonly ApiLocation: string
    readonly PrimaryKey: string
  }
  const endpointOf = (plan: ReplyPlan): Endpoint => json(plan) as unknown as Endpoint
  const scoreAt = ({ ApiLocation, PrimaryKey: key }: Endpoint): MockRequest =>
    score({ key, service: ApiLocation.slice(ApiLocation.lastIndexOf('/') + 1) })

  test('an added one has its own address, keys and cap', () => {
    const mock = app()
    const created = mock.handle(manage('PUT', { ThrottleLevel: 'High' }, 'second'), 0)
    expect([created.status, json(created)['MaxConcurrentCalls']]).toEqual([201, 20])
    const second = endpointOf(created)
    expect(statusesAt(mock, scoreAt(second), 21).filter((status) => status === 503)).toHaveLength(1)
    expect(statusesAt(mock, score(), 5)).toEqual([200, 200, 200, 200, 503])
    expect(mock.handle(score({ service: 'elsewhere', key: second.PrimaryKey }), 0).status).toBe(401)
    expect(mock.handle({ ...scoreAt(second), headers: score().headers }, 0).status).toBe(401)
    const refused = mock.handle(scoreAt(second), 0)
    expect(json(refused)).toMatchObject({
      error: { message: expect.stringContaining('for second endpoint.') },
    })
    expect(mock.state(0).resources[0]).toMatchObject({
      concurrency: 4,
      inFlightCount: 4,
      slots: [{ name: 'second', concurrency: 20, inFlightCount: 20, inFlightPeakCount: 20 }],
    })
    mock.handle(manage('PATCH', { MaxConcurrentCalls: 30 }, 'second'), 0)
    expect(statusesAt(mock, scoreAt(second), 11).filter((status) => status === 200)).toHaveLength(10)
  })

  test('T2: two of 200 pass 400 at once', () => {
    const mock = app('azureml-high-200')
    const second = endpointOf(
      mock.handle(manage('PUT', { ThrottleLevel: 'High', MaxConcurrentCalls: 200 }, 'two'), 0),
    )
    const statuses = [...statusesAt(mock, score(), 201), ...statusesAt(mock, scoreAt(second), 201)]
    expect(statuses.filter((status) => status === 200)).toHaveLength(400)
  })

  test('they are listed, and gone when they are deleted', () => {
    const mock = app()
    const second = endpointOf(mock.handle(manage('PUT', {}, 'second'), 0))
    const names = (): string[] =>
      (JSON.parse(mock.handle(manage('GET', undefined, ''), 0).body) as Endpoint[]).map(({ Name }) => Name)
    expect(names()).toEqual(['default', 'second'])
    const deleted = mock.handle(manage('DELETE', undefined, 'second'), 0)
    expect([deleted.status, deleted.body, names()]).toEqual([204, '', ['default']])
    expect(mock.handle(scoreAt(second), 0).status).toBe(401)
    expect(errorOf(mock.handle(manage('GET', undefined, 'second'), 0))).toEqual([
      404,
      'NotFound',
      'WebServiceNotFound',
    ])
    expect(errorOf(mock.handle(manage('PATCH', {}, 'second'), 0))).toEqual([
      404,
      'NotFound',
      'WebServiceNotFound',
    ])
  })

  test('the default one stays', () => {
    expect(errorOf(app().handle(manage('DELETE'), 0))).toEqual([400, 'InvalidOperation', undefined])
  })

  test('PUT on one that is there replaces its settings and keeps its keys', () => {
    const mock = app()
    const before = endpointOf(mock.handle(manage('PUT', { ThrottleLevel: 'High' }, 'second'), 0))
    const after = mock.handle(manage('PUT', {}, 'second'), 0)
    expect([after.status, json(after)['MaxConcurrentCalls'], endpointOf(after).PrimaryKey]).toEqual([
      200,
      4,
      before.PrimaryKey,
    ])
  })

  test.each(['a'.repeat(25), 'Upper', 'dash-ed'])('%s is no name', (name) => {
    expect(errorOf(app().handle(manage('PUT', {}, name), 0))).toEqual([
      400,
      'BadArgument',
      'BadParameterValue',
    ])
  })

  test('one that is asked for wrongly is not there', () => {
    const mock = app()
    expect(
      mock.handle(manage('PUT', { ThrottleLevel: 'High', MaxConcurrentCalls: 201 }, 'second'), 0).status,
    ).toBe(400)
    expect(mock.handle(manage('GET', undefined, 'second'), 0).status).toBe(404)
  })

  test('a free workspace has three of them, all Low', () => {
    const mock = app('azureml-free')
    const high = mock.handle(manage('PATCH', { ThrottleLevel: 'High' }), 0)
    expect(errorOf(high)).toEqual([400, 'BadArgument', 'WebServiceConcurrentRequestRequirementInvalid'])
    const statuses = ['two', 'three', 'four'].map((name) => mock.handle(manage('PUT', {}, name), 0).status)
    expect(statuses).toEqual([201, 201, 400])
  })
})
