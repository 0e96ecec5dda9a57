{{/* What the schema cannot say: values that do not go together. */}}
{{- define "ws-proxy.checks" -}}
{{- $v := .Values -}}
{{- $several := or (kindIs "invalid" $v.replicas) (gt (int $v.replicas) 1) -}}
{{- if and $several (not $v.fleet.enabled) -}}
{{- fail (printf "replicas is %v and fleet.enabled is false: pods that do not know each other would each get one peer of a meetup. Set replicas to 1, or fleet.enabled to true." (default "null" $v.replicas)) -}}
{{- end -}}
{{- if $v.fleet.enabled -}}
{{- if and $v.fleet.nats.enabled $v.fleet.nats.urls -}}
{{- fail "fleet.nats.enabled is true and fleet.nats.urls names servers of yours: keep one of the two." -}}
{{- end -}}
{{- if not (or $v.fleet.nats.enabled $v.fleet.nats.urls) -}}
{{- fail "fleet.enabled needs a NATS: set fleet.nats.enabled to true, or fleet.nats.urls to servers of yours." -}}
{{- end -}}
{{- if not (or $v.fleet.nats.clientCertificate $v.fleet.nats.credentialsSecret) -}}
{{- fail "fleet.nats.clientCertificate is false and credentialsSecret is empty: NATS would not know who a replica is." -}}
{{- end -}}
{{- if and $v.fleet.nats.enabled (or (not $v.fleet.nats.clientCertificate) $v.fleet.nats.clusterName $v.fleet.nats.tlsSecret $v.fleet.nats.credentialsSecret) -}}
{{- fail "fleet.nats.clusterName, tlsSecret, clientCertificate and credentialsSecret are for servers of yours (fleet.nats.urls): leave them as they are with fleet.nats.enabled." -}}
{{- end -}}
{{- if and $v.fleet.nats.enabled (ne (int $v.fleet.nats.replicas) 3) -}}
{{- fail "fleet.nats.replicas is for servers of yours (fleet.nats.urls): those of fleet.nats.enabled are 3." -}}
{{- end -}}
{{- end -}}
{{- if and $v.fleet.enabled $v.fleet.nats.urls $v.networkPolicy.enabled (not $v.fleet.nats.peers) (not $v.networkPolicy.extraEgress) -}}
{{- fail "fleet.nats.peers is empty: say where the servers of fleet.nats.urls are, or the network policy shuts the replicas off from them." -}}
{{- end -}}
{{- if and (not $v.serviceAccount.create) (not $v.serviceAccount.name) -}}
{{- fail "serviceAccount.create is false and serviceAccount.name is empty: name the account of the pods." -}}
{{- end -}}
{{- if $v.tls.certManager.enabled -}}
{{- if not $v.tls.certManager.dnsNames -}}
{{- fail "tls.certManager.dnsNames is empty: name what peers dial." -}}
{{- end -}}
{{- if not $v.tls.certManager.issuerRef.name -}}
{{- fail "tls.certManager.issuerRef.name is empty: name an issuer that the peers trust." -}}
{{- end -}}
{{- end -}}
{{- if and (index $v.envoy.flags "proxy-protocol") $v.networkPolicy.enabled (not $v.networkPolicy.peersFrom) -}}
{{- fail "envoy.flags.proxy-protocol believes whoever reaches the peers' port what the address of a peer is: name in networkPolicy.peersFrom who that may be." -}}
{{- end -}}
{{- if and $v.policy.existingConfigMap $v.policy.denyList -}}
{{- fail "policy.denyList is for the chart's own ConfigMap: put the list into that of policy.existingConfigMap, and name it in options.deny-list (/etc/ws-proxy/policy/FILE)." -}}
{{- end -}}
{{- if $v.trust.revocation.renew.enabled -}}
{{- if not $v.trust.revocation.enabled -}}
{{- fail "trust.revocation.renew.enabled is true and trust.revocation.enabled is false: there is no list to renew." -}}
{{- end -}}
{{- if not $v.trust.revocation.renew.authoritySecret -}}
{{- fail "trust.revocation.renew.authoritySecret is empty: name the Secret with tls.crt and tls.key of the authority that signs the list." -}}
{{- end -}}
{{- end -}}
{{- range $part := list "peers" "control" -}}
{{- $service := index $v.services $part -}}
{{- if and (eq $service.type "ClusterIP") (or $service.externalTrafficPolicy $service.loadBalancerClass $service.loadBalancerSourceRanges) -}}
{{- fail (printf "services.%s.type is ClusterIP: externalTrafficPolicy and loadBalancer* are for LoadBalancer." $part) -}}
{{- end -}}
{{- $route := index $v.tlsRoute $part -}}
{{- if and $route.hostnames (not (or $v.tlsRoute.parentRefs $route.parentRefs)) -}}
{{- fail (printf "tlsRoute.%s.hostnames needs tlsRoute.parentRefs: the listeners of a Gateway that pass TLS through." $part) -}}
{{- end -}}
{{- end -}}
{{- end }}
