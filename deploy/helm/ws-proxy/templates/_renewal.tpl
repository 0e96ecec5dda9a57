{{/* What a Job does to renew the list: the authority's key is in this pod alone, and only while it runs. */}}
{{- define "ws-proxy.renewal" -}}
{{- $name := printf "%s-renewal" (include "ws-proxy.name" .) -}}
metadata:
  labels:
    {{- include "ws-proxy.selector" (dict "root" . "part" "renewal") | nindent 4 }}
    app.kubernetes.io/part-of: ws-proxy
spec:
  restartPolicy: Never
  serviceAccountName: {{ $name }}
  automountServiceAccountToken: true
  enableServiceLinks: false
  securityContext: {{- include "ws-proxy.podSecurity" 10001 | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: renew
      {{- include "ws-proxy.image" (dict "root" . "image" .Values.image) | nindent 6 }}
      command: [node, /opt/renewal/renew-list.mjs]
      args: [{{ .Release.Namespace }}, {{ include "ws-proxy.list" . }}]
      securityContext: {{- include "ws-proxy.hardened" . | nindent 8 }}
      resources:
        requests: { cpu: 50m, memory: 96Mi }
        limits: { memory: 256Mi }
      volumeMounts:
        - { name: work, mountPath: /work }
        - { name: authority, mountPath: /etc/ws-proxy/authority, readOnly: true }
        - { name: renewal, mountPath: /opt/renewal, readOnly: true }
  volumes:
    # In memory: the key is copied here for a moment.
    - name: work
      emptyDir: { medium: Memory, sizeLimit: 8Mi }
    - name: authority
      secret: { secretName: {{ .Values.trust.revocation.renew.authoritySecret }}, defaultMode: 0440 }
    - name: renewal
      configMap: { name: {{ $name }} }
{{- end }}
