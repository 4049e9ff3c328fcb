-- What may be done to a DaemonSet.
return { restart = {} }
