-- What may be done to a StatefulSet.
return {
  restart = {},
  scale = { params = { { name = "replicas" } } },
}
