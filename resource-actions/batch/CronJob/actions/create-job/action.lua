-- A Job now, from the template of the CronJob, which owns it.
local template = obj.spec.jobTemplate
local metadata = template.metadata or {}

return { {
  operation = "create",
  resource = {
    apiVersion = "batch/v1",
    kind = "Job",
    metadata = {
      -- A CronJob's name has at most 52 characters, a Job's 63: the seconds fit.
      name = obj.metadata.name .. "-" .. string.format("%d", os.time()),
      namespace = obj.metadata.namespace,
      labels = metadata.labels,
      annotations = metadata.annotations,
      ownerReferences = { {
        apiVersion = obj.apiVersion,
        kind = obj.kind,
        name = obj.metadata.name,
        uid = obj.metadata.uid,
      } },
    },
    spec = template.spec,
  },
} }
