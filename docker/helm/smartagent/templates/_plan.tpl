{{/*
Prints "true" where a condition holds: all of its facts, and none of those behind "!".
*/}}
{{- define "smartagent.holds" -}}
{{- $facts := index . 0 -}}
{{- $holds := true -}}
{{- range index . 1 }}{{ if eq (hasPrefix "!" .) (hasKey $facts (trimPrefix "!" .)) }}{{ $holds = false }}{{ end }}{{ end -}}
{{- if $holds }}true{{ end -}}
{{- end -}}

{{/*
What "smartagent manifest" decides, as YAML. The rules are the code's own, generated into
files/needs.yaml: here values become facts, and the rules that apply are picked.
*/}}
{{- define "smartagent.plan" -}}
{{- $needs := .Files.Get "files/needs.yaml" | fromYaml -}}
{{- $values := .Values -}}
{{- $choice := include "smartagent.choice" . | fromJson -}}
{{- /* A number of a file of values is a float, which toString writes as 2e+06. */ -}}
{{- $user := $values.user -}}
{{- if kindIs "float64" $user }}{{ $user = printf "%.0f" $user }}{{ end -}}
{{- $user = toString $user -}}

{{- /* The facts: what was asked for, and what follows from it. */ -}}
{{- $facts := dict (printf "mode:%s" $values.mode) true -}}
{{- range $fact, $holds := dict "privileged" $values.privileged "remount" $values.remount "non-root-mode" $values.nonRootMode "user" $user "crio" $values.crio "installer" $values.installer.url }}{{ if $holds }}{{ $_ := set $facts $fact true }}{{ end }}{{ end -}}
{{- range $values.without }}{{ $_ := set $facts (printf "without:%s" .) true }}{{ end -}}
{{- range $choice.features }}{{ $_ := set $facts (printf "feature:%s" .) true }}{{ end -}}
{{- $readers := list -}}
{{- range $needs.modules -}}
{{- if has .id $choice.names }}{{ $_ := set $facts (printf "named:%s" .id) true }}{{ end -}}
{{- if or (has .id $choice.names) (and $choice.auto (not (has .id $choice.excluded))) -}}
{{- $_ := set $facts (printf "module:%s" .id) true -}}
{{- if .readsHost }}{{ $readers = append $readers .id }}{{ end -}}
{{- end -}}
{{- end -}}
{{- range $needs.facts -}}
{{- if include "smartagent.holds" (list $facts .when) }}{{ range .then }}{{ $_ := set $facts . true }}{{ end }}{{ end -}}
{{- end -}}

{{- $runtime := printf "%s/bonree" $values.runtimePath -}}
{{- if and (hasKey $facts "without:SYS_CHROOT") (not (hasKey $facts "remounts")) -}}
{{- fail "\nWithout SYS_CHROOT the host's root is entered by pivot_root, in a mount namespace that takes SYS_ADMIN.\nTake SYS_CHROOT out of \"without\", or let the launch mount: SYS_ADMIN not in \"without\", \"remount\" true." -}}
{{- end -}}
{{- range list $values.installPath $values.runtimePath -}}
{{- if and (ne $values.mode "full") (regexMatch "^/(boot|root|lost\\+found|initrd[^/]*|vmlinuz[^/]*)(/|$)" .) -}}
{{- fail (printf "\n\"%s\" is not shown to the agent but in mode full.\nSet \"installPath\" and \"runtimePath\" to others." .) -}}
{{- end -}}
{{- end -}}
{{- if or (eq $values.installPath $runtime) (eq $values.installPath $values.runtimePath) -}}
{{- fail (printf "\nInstallation and runtime directory are the same: \"%s\".\nGive \"installPath\" and \"runtimePath\" different directories." $values.installPath) -}}
{{- end -}}
{{- if and $values.installer.tokenSecret.name (not $values.installer.tokenSecret.key) -}}
{{- fail "\n\"installer.tokenSecret\" has a name and no key.\nName the key of the Secret that holds the token." -}}
{{- end -}}
{{- $port := regexFind "[0-9]+$" $values.statusAddress | int -}}
{{- if or (lt $port 1) (gt $port 65535) -}}
{{- fail (printf "\n\"statusAddress\" is \"%s\", whose port is not valid.\nName one from 1 to 65535." $values.statusAddress) -}}
{{- end -}}
{{- if and $values.nonRootMode (regexMatch "^(root|0+)(:|$)" $user) -}}
{{- fail (printf "\n\"user\" is \"%s\", who is root.\nName another user, or set \"nonRootMode\" to false if root is meant." $user) -}}
{{- end -}}

{{- /* The rules that apply. */ -}}
{{- $modules := list -}}
{{- range $module := $needs.modules -}}
{{- if hasKey $facts (printf "module:%s" .id) -}}
{{- $planned := dict "id" .id "source" "none" "limitation" "" -}}
{{- range .sources }}{{ if hasKey $facts (printf "%s/%s" $module.id .name) }}{{ $planned = dict "id" $module.id "source" .name "limitation" (default "" .limitation) }}{{ end }}{{ end -}}
{{- $modules = append $modules $planned -}}
{{- end -}}
{{- end -}}
{{- $reasons := dict -}}
{{- range $need := $needs.needs -}}
{{- if include "smartagent.holds" (list $facts .when) -}}
{{- range .capabilities -}}
{{- if not (has . $values.without) }}{{ $_ := set $reasons . (append (default list (get $reasons .)) $need.reason) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $capabilities := list -}}
{{- range keys $reasons | sortAlpha }}{{ $capabilities = append $capabilities (dict "name" . "reason" (join "; " (get $reasons .))) }}{{ end -}}
{{- $who := default "installed agent" (join ", " $readers) -}}
{{- $mounts := dict -}}
{{- range $needs.mounts -}}
{{- $path := .path | replace "@runtimeDirectory@" $runtime | replace "@installPath@" $values.installPath -}}
{{- if and (include "smartagent.holds" (list $facts .when)) (not (hasKey $mounts $path)) -}}
{{- $_ := set $mounts $path (dict "name" .name "readOnly" .readOnly "create" .create "reason" (replace "@readers@" $who .reason)) -}}
{{- end -}}
{{- end -}}
{{- $number := 0 -}}
{{- range $container := keys $values.containerRoots | sortAlpha -}}
{{- range $path := get $values.containerRoots $container -}}
{{- $number = add1 $number -}}
{{- $shown := ne $values.mode "minimal" -}}
{{- range $above := keys $mounts }}{{ if hasPrefix (printf "%s/" $above) (printf "%s/" $path) }}{{ $shown = true }}{{ end }}{{ end -}}
{{- if not $shown }}{{ $_ := set $mounts $path (dict "name" (printf "container-root-%d" $number) "readOnly" true "create" false "reason" (printf "%s: state of %s." $who $container)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $list := list -}}
{{- range keys $mounts | sortAlpha }}{{ $list = append $list (set (get $mounts .) "path" .) }}{{ end -}}

{{- /* The options of config. */ -}}
{{- $root := hasKey $facts "root" -}}
{{- $args := list "config" "--mode" $values.mode -}}
{{- if not (or $root (hasKey $facts "makes-user")) }}{{ $args = concat $args (list "--user" (default "nobody" $user)) }}{{ end -}}
{{- if $root }}{{ $args = concat $args (list "--non-root-mode" "false") }}{{ end -}}
{{- if ne $choice.text "auto" }}{{ $args = concat $args (list "--modules" $choice.text) }}{{ end -}}

{{- /* The address that kubelet reaches the status server at. */ -}}
{{- $host := regexReplaceAll ":[0-9]+$" $values.statusAddress "" | trimPrefix "[" | trimSuffix "]" -}}
{{- if eq $host "0.0.0.0" }}{{ $host = "127.0.0.1" }}{{ else if eq $host "::" }}{{ $host = "::1" }}{{ end -}}

{{- dict
  "remounts" (hasKey $facts "remounts")
  "root" $root
  "modules" $modules
  "capabilities" $capabilities
  "confinable" (not (hasKey $facts "apparmor-unconfined"))
  "unfiltered" (hasKey $facts "seccomp-unconfined")
  "mounts" $list
  "args" $args
  "runtimeDirectory" $runtime
  "probeHost" $host
  "probePort" (regexFind "[0-9]+$" $values.statusAddress)
  | toYaml -}}
{{- end -}}
