-- GitOps inside a pipeline: a task declares the application and looks at the diff, a hook rolls back what went wrong.
-- auto_sync starts the first sync in the background; creation does not wait for it.
--
--   sloth-runner run -f examples/pipeline.lua

workflow.define("gitops_pipeline", {
    description = "Pipeline with native GitOps",

    tasks = {
        task("setup_infrastructure")
            :command(function(params, deps)
                -- Create the GitOps workflow
                local gitops_workflow = gitops.workflow({
                    repo = "https://github.com/company/infra",
                    auto_sync = true,
                    rollback_on_failure = true
                })

                -- Preview the changes
                local diff = gitops.generate_diff(gitops_workflow.workflow_id)
                if diff.summary.conflict_count > 0 then
                    log.warn("Conflicts detected, manual review required")
                    return {success = false, message = "Conflicts require resolution"}
                end

                -- Deploy with validation
                return {success = true, gitops_id = gitops_workflow.workflow_id}
            end)
    },

    -- GitOps hooks
    on_task_complete = function(task_name, success, output)
        if not success and output.gitops_id then
            -- Automatic rollback on failure
            gitops.rollback_workflow(output.gitops_id, "Task failure triggered rollback")
        end
    end
})
