{{- define "smartagent.name" -}}
{{- $name := default .Release.Name .Values.nameOverride -}}
{{- if gt (len $name) 63 }}{{ fail (printf "\nThe name \"%s\" is longer than 63 letters, which no label may be.\nSet \"nameOverride\"." $name) }}{{ end -}}
{{- $name -}}
{{- end -}}

{{/*
The name of the objects of the cluster, which those of another namespace must not have.
*/}}
{{- define "smartagent.clusterName" -}}
{{- $name := include "smartagent.name" . -}}
{{- ternary $name (printf "%s-%s" .Release.Namespace $name) (eq .Release.Namespace "smartagent") -}}
{{- end -}}

{{- define "smartagent.selector" -}}
app.kubernetes.io/name: smartagent
app.kubernetes.io/instance: {{ include "smartagent.name" . | quote }}
{{- end -}}

{{- define "smartagent.podLabels" -}}
{{ include "smartagent.selector" . }}
app.kubernetes.io/component: node-agent
{{- end -}}

{{- define "smartagent.labels" -}}
{{ include "smartagent.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{- define "smartagent.configMapName" -}}
{{ default (include "smartagent.name" .) .Values.configMap.name }}
{{- end -}}

{{/*
The modules that are chosen and the features that are on, as a JSON object. The
attributes of pods are not requested where the module does not run that adds them; and where no role
allows to request them, the module is excluded.
*/}}
{{- define "smartagent.choice" -}}
{{- $attributes := "kubernetes-attributes" -}}
{{- $auto := false -}}
{{- $names := list -}}
{{- $excluded := list -}}
{{- range splitList "," .Values.modules -}}
{{- if eq . "auto" }}{{ $auto = true }}
{{- else if hasPrefix "!" . }}{{ $excluded = append $excluded (trimPrefix "!" .) }}
{{- else if ne . "none" }}{{ $names = append $names . }}{{ end -}}
{{- end -}}
{{- if and $excluded (not $names) }}{{ $auto = true }}{{ end -}}
{{- range $excluded -}}
{{- if has . $names }}{{ fail (printf "\n\"modules\" both names and excludes %s.\nWrite either %s or !%s." . . .) }}{{ end -}}
{{- end -}}
{{- $isMeant := or (has $attributes $names) (and $auto (not (has $attributes $excluded))) -}}
{{- $features := .Values.features -}}
{{- if and (has $attributes $names) (not (has $attributes $features)) }}{{ fail (printf "\n\"modules\" names %s, and \"features\" does not.\nName it in both, or in neither." $attributes) }}{{ end -}}
{{- if not $isMeant }}{{ $features = without $features $attributes }}{{ end -}}
{{- if and $isMeant (not (has $attributes $features)) }}{{ $excluded = append $excluded $attributes }}{{ end -}}
{{- $words := $names -}}
{{- if $auto }}{{ $words = prepend $words "auto" }}{{ end -}}
{{- range $excluded }}{{ $words = append $words (printf "!%s" .) }}{{ end -}}
{{- dict "auto" $auto "names" $names "excluded" $excluded "text" (default "none" (join "," $words)) "features" $features | toJson -}}
{{- end -}}

{{- define "smartagent.image" -}}
{{ .Values.image.repository }}{{ with .Values.image.tag }}:{{ . }}{{ end }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end -}}
