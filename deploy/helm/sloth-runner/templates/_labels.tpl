{{- define "sloth-runner.labels" -}}
app.kubernetes.io/name: sloth-runner
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}
