-- A pipeline of shell lines: build, test and package, files handed from task to task.
--
--   sloth-runner run -f examples/build_pipeline.lua --param version=1.4.0

workflow.define("build_pipeline")
    :description("Build, test, package; each task gets the files of the one before")
    :version("1.0.0")
    :config{ timeout = "30m", fail_fast = true }
    :tasks{
        task("build")
            :command("mkdir -p out && echo 'artifact of the build' > out/app.bin")
            :timeout("10m")
            :artifacts("out/*"),

        task("test")
            :depends_on("build")
            :consumes("out/*")
            :command(function(params)
                local result = exec.run("wc -c < out/app.bin")
                if not result.success then return false, result.stderr end
                return true, "tested " .. result.stdout:gsub("%s+", "") .. " bytes", { bytes = tonumber(result.stdout) }
            end)
            :retries(2, "fixed"),

        task("package")
            :depends_on("test")
            :consumes("out/*")
            :command(function(params, deps)
                local version = params.version or "0.0.0"
                local ok, err = fs.write("out/manifest.json", data.to_json({ version = version, bytes = deps.test.bytes }))
                if not ok then return false, err end
                return exec.run("tar -czf release.tgz out")
            end)
            :artifacts{ "release.tgz" },
    }
    :on_complete(function(success, results)
        for _, name in ipairs{ "build", "test", "package" } do
            local result = results[name]
            log.info(name .. ": " .. (result.success and "done in " .. result.duration or "not done"))
        end
    end)
