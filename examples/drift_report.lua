-- A report on all applications: which differ from what their last sync left, and which are not synced. It changes nothing.
--
--   sloth-runner run -f examples/drift_report.lua

local drifted, behind = {}, {}

for _, entry in ipairs(gitops.list_workflows()) do
    local status = gitops.get_workflow_status(entry.id)
    if status then
        if status.drift then
            drifted[#drifted + 1] = string.format("%s: %s objects since %s", status.name, tostring(status.drift.count),
                tostring(status.drift.since))
        end
        if status.last_sync_result then
            local ok, diff = pcall(gitops.generate_diff, entry.id)
            if not ok then
                log.error(status.name .. " cannot be compared: " .. tostring(diff))
            elseif diff and diff.summary.total_changes > 0 then
                behind[#behind + 1] = status.name .. ": " .. diff.summary.total_changes .. " changes wait for a sync"
            end
        end
    end
end

local function report(title, lines)
    print(title .. ": " .. #lines)
    table.sort(lines)
    for _, line in ipairs(lines) do print("  " .. line) end
end
report("changed in the cluster", drifted)
report("behind their repository", behind)
