{{- define "ws-proxy.dnsEgress" -}}
- to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ .Values.networkPolicy.dnsNamespace }} } } }]
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{/* The ports of fleet.nats.urls, each once, as a JSON array. */}}
{{- define "ws-proxy.natsPorts" -}}
{{- $ports := list -}}
{{- range .Values.fleet.nats.urls -}}
{{- $ports = append $ports (regexFind "[0-9]+$" . | int) -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end }}

{{/* The file of the three servers, with this release's names. */}}
{{- define "ws-proxy.natsConfiguration" -}}
{{- $name := include "ws-proxy.name" . -}}
{{- .Files.Get "files/nats.conf" | replace "ws-proxy-nats" (printf "%s-nats" $name) | replace "user: ws-proxy-hop\n" (printf "user: %s\n" (include "ws-proxy.hopName" .)) -}}
{{- end }}
