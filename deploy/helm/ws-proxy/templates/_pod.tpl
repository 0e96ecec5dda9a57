{{/* Writes Envoy's configuration: the options of the render are the only place that knows it. */}}
{{- define "ws-proxy.render" -}}
{{- $lists := .Values.trust.revocation.enabled -}}
mkdir -p /run/ws-proxy/trust
{{- if $lists }}
# Envoy starts before the service, which from then on puts each list that passed its checks here.
cp /etc/ws-proxy/trust/root.crl.pem /run/ws-proxy/trust/root.crl.pem
{{- end }}
exec ws-proxy envoy render --dir /run/ws-proxy/envoy \
  --server-cert /etc/ws-proxy/tls/tls.crt --server-key /etc/ws-proxy/tls/tls.key \
  --client-ca /etc/ws-proxy/trust/root.cert.pem
{{- if $lists }} --client-crl /run/ws-proxy/trust/root.crl.pem{{ end }} \
  --stats-port 9902
{{- range $flag, $value := .Values.envoy.flags }}
{{- if kindIs "bool" $value }}
{{- if $value }} \
  --{{ $flag }}
{{- end }}
{{- else }} \
  --{{ $flag }}={{ if kindIs "string" $value }}'{{ $value }}'{{ else }}{{ int64 $value }}{{ end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The file of the service's options: that of the image, and what the values change in it. */}}
{{- define "ws-proxy.options" -}}
{{- $preset := .Files.Get "files/ws-proxy.yaml" | fromYaml -}}
{{- if not .Values.trust.revocation.enabled -}}
{{- $preset = omit $preset "crl" "crl-ca" "crl-stage" -}}
{{- end -}}
{{- $drain := dict "drain-deadline" (printf "%ds" (int64 .Values.drain.deadlineSeconds)) -}}
{{- $denials := ternary (dict "deny-list" "/etc/ws-proxy/policy/deny-list.yaml") (dict) (not (empty .Values.policy.denyList)) -}}
{{- toYaml (merge (dict) .Values.options $drain $denials $preset) -}}
{{- end }}

{{- define "ws-proxy.env" -}}
{{- $nats := .Values.fleet.nats -}}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .Values.otlpEndpoint | quote }} }
- { name: WS_PROXY_PATH_PREFIX, value: {{ .Values.pathPrefix | quote }} }
- { name: WS_PROXY_CONFIG, value: /etc/ws-proxy/options/ws-proxy.yaml }
{{- if .Values.fleet.enabled }}
{{- $tls := ternary "nats-tls" "hop" (ne $nats.tlsSecret "") }}
- name: WS_PROXY_REPLICA
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
- name: POD_IP
  valueFrom: { fieldRef: { fieldPath: status.podIP } }
# Where the others reach this pod.
- { name: WS_PROXY_HOP_LISTEN, value: {{ .Values.fleet.listen | quote }} }
- { name: WS_PROXY_ADVERTISE, value: {{ .Values.fleet.advertise | quote }} }
- { name: WS_PROXY_HOP_CERT, value: /etc/ws-proxy/hop/tls.crt }
- { name: WS_PROXY_HOP_KEY, value: /etc/ws-proxy/hop/tls.key }
- { name: WS_PROXY_HOP_CA, value: /etc/ws-proxy/hop/ca.crt }
- { name: WS_PROXY_HOP_NAME, value: {{ include "ws-proxy.hopName" . | quote }} }
- { name: WS_PROXY_NATS, value: {{ ternary (printf "tls://%s-nats:4222" (include "ws-proxy.name" .)) (join "," $nats.urls) $nats.enabled | quote }} }
- { name: WS_PROXY_NATS_REPLICAS, value: {{ $nats.replicas | quote }} }
{{- if $nats.clientCertificate }}
- { name: WS_PROXY_NATS_CERT, value: /etc/ws-proxy/{{ $tls }}/tls.crt }
- { name: WS_PROXY_NATS_KEY, value: /etc/ws-proxy/{{ $tls }}/tls.key }
{{- end }}
- { name: WS_PROXY_NATS_CA, value: /etc/ws-proxy/{{ $tls }}/ca.crt }
{{- with $nats.credentialsSecret }}
- { name: WS_PROXY_NATS_CREDS, value: /etc/ws-proxy/nats-credentials/nats.creds }
{{- end }}
{{- with $nats.clusterName }}
- { name: WS_PROXY_CLUSTER_NAME, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "ws-proxy.volumes" -}}
{{- $name := include "ws-proxy.name" . -}}
{{- $trust := include "ws-proxy.trust" . -}}
# Sockets, Envoy's configuration, and the checked copy of the revocation list.
- name: run
  emptyDir: { medium: Memory, sizeLimit: 32Mi }
- name: options
  configMap: { name: {{ $name }}-options }
- name: tls
  secret: { secretName: {{ default (printf "%s-tls" $name) .Values.tls.existingSecret }}, defaultMode: 0440 }
- name: trust
  projected:
    sources:
      {{- with .Values.trust.authority.existingSecret }}
      - secret: { name: {{ . }}, items: [{ key: {{ default "tls.crt" $.Values.trust.authority.key | quote }}, path: root.cert.pem }] }
      {{- else }}
      - configMap: { name: {{ $trust }}, items: [{ key: {{ default "root.cert.pem" $.Values.trust.authority.key | quote }}, path: root.cert.pem }] }
      {{- end }}
      {{- if .Values.trust.revocation.enabled }}
      - configMap: { name: {{ include "ws-proxy.list" . }}, items: [{ key: root.crl.pem, path: root.crl.pem }] }
      {{- end }}
- name: policy
  configMap: { name: {{ default (printf "%s-policy" $name) .Values.policy.existingConfigMap }} }
{{- if .Values.fleet.enabled }}
- name: hop
  secret: { secretName: {{ default (printf "%s-hop" $name) .Values.fleet.hop.existingSecret }}, defaultMode: 0440 }
{{- with .Values.fleet.nats.tlsSecret }}
- name: nats-tls
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- with .Values.fleet.nats.credentialsSecret }}
- name: nats-credentials
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- end }}
{{- end }}

{{/* Which nodes the pods may be on, and how they are spread. */}}
{{- define "ws-proxy.placing" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- if and .Values.fleet.enabled .Values.topologySpreadConstraints }}
{{- $own := dict "matchLabels" (include "ws-proxy.selector" (dict "root" . "part" "") | fromYaml) }}
topologySpreadConstraints:
  {{- range .Values.topologySpreadConstraints }}
  - {{- toYaml (hasKey . "labelSelector" | ternary . (merge (dict "labelSelector" $own) .)) | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
