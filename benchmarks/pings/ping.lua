-- Sends pings, for wrk: each thread has one connection and a session of its own, and waits for each answer.
-- The first argument is a file with a line for each session: path, tab, body. {now} in a body becomes the time.

local ffi = require("ffi")
ffi.cdef [[
typedef struct { long seconds; long microseconds; } moment;
int gettimeofday(moment *now, void *zone);
]]
local moment = ffi.new("moment")
local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(arguments)
   local at = 0
   for line in io.lines(arguments[1]) do
      if at == number then
         path, before, after = line:match("^(.-)\t(.*){now}(.*)$")
      end
      at = at + 1
   end
   local length = #before + #now() + #after
   head = "POST " .. path .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
      .. length .. "\r\n\r\n" .. before
end

function now()
   ffi.C.gettimeofday(moment, nil)
   local second = os.date("!%Y-%m-%dT%H:%M:%S", tonumber(moment.seconds))
   return string.format("%s.%06d+00:00", second, tonumber(moment.microseconds))
end

function request()
   return head .. now() .. after
end

function done(summary, latency)
   local errors = summary.errors
   local lost = errors.connect + errors.read + errors.write + errors.timeout
   io.stderr:write(string.format(
      '{"answers": %d, "seconds": %f, "p99_ms": %f, "refused": %d, "lost": %d}',
      summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3, errors.status, lost))
end
