-- What wrk asks, and whether each answer is the right one.  An id tells the
-- kind of its question, and no other answer has it.
asked, wrong, shown = 0, 0, 0
local capture = os.getenv("SOAK_CAPTURE")
local modern = '"_meta":{"io.modelcontextprotocol/protocolVersion":' ..
  '"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}'
local call = '"name":"analyze_capinfos","arguments":{"pcap_file":"' ..
  capture .. '"}'
local kinds = {
  { method = "ping", params = "{}", answer = '"result":{}' },
  { method = "tools/list", params = "{}", answer = '"aggregate_packets"' },
  { method = "tools/call", params = "{" .. call .. "}",
    answer = '"packet_count":' .. os.getenv("SOAK_PACKETS") },
  { method = "tools/call", params = "{" .. call .. "," .. modern .. "}",
    name = "analyze_capinfos", answer = '"resultType":"complete"' },
  { method = "tools/call", params = '{"name":"no_such_tool"}',
    answer = '"code":-32602' },
  { method = "server/discover", params = "{" .. modern .. "}",
    new = true, answer = '"supportedVersions"' },
}
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function request()
  asked = asked + 1
  -- Mostly cheap questions: each call is a process.
  local which = asked % 16
  if which == 0 or which > #kinds then which = 1 end
  local kind = kinds[which]
  local headers = { ["Content-Type"] = "application/json",
    ["Accept"] = "application/json, text/event-stream" }
  if kind.name or kind.new then
    headers["MCP-Protocol-Version"] = "2026-07-28"
    headers["Mcp-Method"] = kind.method
    headers["Mcp-Name"] = kind.name
  end
  return wrk.format("POST", "/mcp", headers,
    '{"jsonrpc":"2.0","id":"' .. which .. "-" .. number .. "-" .. asked ..
    '","method":"' .. kind.method .. '","params":' .. kind.params .. "}")
end

function response(status, headers, body)
  local which, thread = body:match('"id":"(%d+)%-(%d+)%-%d+"')
  local kind = kinds[tonumber(which)]
  if status == 200 and kind and tonumber(thread) == number and
    body:find(kind.answer, 1, true) then return end
  wrong = wrong + 1
  if shown < 3 then
    shown = shown + 1
    print("wrong: " .. status .. " " .. body:sub(1, 300))
  end
end

function done(summary, latency)
  local bad = 0
  for _, thread in ipairs(threads) do bad = bad + thread:get("wrong") end
  local e = summary.errors
  print(string.format("answers %d wrong %d broken %d p99_ms %.1f max_ms %.1f",
    summary.requests, bad, e.connect + e.read + e.write + e.timeout,
    latency:percentile(99) / 1000, latency.max / 1000))
end
