{{- /* What every Pod has, whatever its role. Called with (dict "root" $ "name" COMPONENT). */ -}}
{{- define "sloth-runner.pod" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "sloth-runner.labels" (dict "root" .root "name" .name) | nindent 8 }}
{{- end }}

{{- define "sloth-runner.image" -}}
image: '{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}'
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- end }}

{{- define "sloth-runner.container" -}}
env:
  - { name: SLOTH_HOME, value: /var/lib/sloth-runner }
  - { name: SLOTH_CONFIG, value: /etc/sloth-runner/config.yaml }
  - { name: TEMPORAL_ADDRESS, value: {{ .root.Values.temporal.address | quote }} }
  - { name: TEMPORAL_NAMESPACE, value: {{ .root.Values.temporal.namespace | quote }} }
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}
