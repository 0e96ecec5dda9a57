{{/* NAME: what every object's name begins with. */}}
{{- define "ws-proxy.name" -}}
{{- $short := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}{{ .Values.fullnameOverride }}
{{- else if contains $short .Release.Name -}}{{ .Release.Name | trunc 42 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name $short | trunc 42 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{/* What the pods of a part are known by: `part` is the service's own (empty), `nats` or `renewal`. */}}
{{- define "ws-proxy.selector" -}}
app.kubernetes.io/name: {{ if eq .part "" }}ws-proxy{{ else }}ws-proxy-{{ .part }}{{ end }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- end }}

{{- define "ws-proxy.labels" -}}
{{ include "ws-proxy.selector" . }}
app.kubernetes.io/part-of: ws-proxy
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "ws-proxy.image" -}}
{{- $tag := default .root.Chart.AppVersion .image.tag -}}
image: {{ .image.repository }}{{ if .image.digest }}@{{ .image.digest }}{{ else }}:{{ $tag }}{{ end }}
{{- with .image.pullPolicy }}
imagePullPolicy: {{ . }}
{{- end }}
{{- end }}

{{- define "ws-proxy.account" -}}
{{- default (include "ws-proxy.name" .) .Values.serviceAccount.name -}}
{{- end }}

{{- define "ws-proxy.trust" -}}
{{- default (printf "%s-trust" (include "ws-proxy.name" .)) .Values.trust.existingConfigMap -}}
{{- end }}

{{/* The ConfigMap of the revocation list. */}}
{{- define "ws-proxy.list" -}}
{{- default (include "ws-proxy.trust" .) .Values.trust.revocation.existingConfigMap -}}
{{- end }}

{{- define "ws-proxy.hopName" -}}
{{- default (printf "%s-hop" (include "ws-proxy.name" .)) .Values.fleet.hop.name -}}
{{- end }}

{{- define "ws-proxy.hardened" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Both containers have one user, since the sockets have mode 0600. */}}
{{- define "ws-proxy.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile: { type: RuntimeDefault }
{{- end }}
