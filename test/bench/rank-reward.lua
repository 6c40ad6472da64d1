-- Rank, then the Reward of the event that Rank named, on each of wrk's connections.
local headers = { ["Content-Type"] = "application/json", ["Ocp-Apim-Subscription-Key"] = "mock-key-1" }
local rank_body = '{"contextFeatures":[{"timeOfDay":"noon"},{"device":"mobile"}],"actions":[' ..
  '{"id":"politics","features":[{"topic":"politics"}]},{"id":"sports","features":[{"topic":"sports"}]},' ..
  '{"id":"music","features":[{"topic":"music"}]},{"id":"science","features":[{"topic":"science"}]}]}'
local events = {}

function request()
  local event = table.remove(events)
  if event then
    return wrk.format("POST", "/personalizer/v1.0/events/" .. event .. "/reward", headers, '{"value":1}')
  end
  return wrk.format("POST", "/personalizer/v1.0/rank", headers, rank_body)
end

function response(status, _, body)
  if status == 201 then
    local event = string.match(body, '"eventId":"([^"]+)"')
    if event then table.insert(events, event) end
  end
end
