-- One Rank, over and over.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Ocp-Apim-Subscription-Key"] = "mock-key-1"
wrk.body = '{"contextFeatures":[{"timeOfDay":"noon"},{"device":"mobile"}],"actions":[' ..
  '{"id":"politics","features":[{"topic":"politics"}]},{"id":"sports","features":[{"topic":"sports"}]},' ..
  '{"id":"music","features":[{"topic":"music"}]},{"id":"science","features":[{"topic":"science"}]}]}'
