-- Changes of its template roll nothing out until it is resumed.
obj.spec.paused = true
return obj
