-- The Job controller ends the pods of a Job that is meant to fail, and then calls it failed.
obj.status = obj.status or {}
obj.status.conditions = obj.status.conditions or {}
table.insert(obj.status.conditions, {
  type = "FailureTarget",
  status = "True",
  reason = "ManuallyTerminated",
  message = "terminated by a resource action",
  lastTransitionTime = os.date("!%Y-%m-%dT%H:%M:%SZ"),
})
return obj
