-- State that outlives a run: every run gets the next number, and the last five releases are kept.
--
--   sloth-runner run -f examples/release_counter.lua

local number = assert(state.increment("releases"))
local previous = state.get("last_release", "none")

local app = assert(gitops.workflow{ repo = "https://github.com/company/shop", name = "shop-staging", path = "staging" })
local ok, err = gitops.sync_workflow(app.workflow_id)
if not ok then error(err) end

local revision = gitops.get_workflow_status(app.workflow_id).revision
local recent = state.get("recent", {})
table.insert(recent, 1, { number = number, revision = revision, at = os.date("!%Y-%m-%dT%H:%M:%SZ") })
while #recent > 5 do table.remove(recent) end
state.set("recent", recent)
state.set("last_release", revision)

log.success(string.format("release %d: %s (before: %s)", number, revision:sub(1, 8), previous:sub(1, 8)))
