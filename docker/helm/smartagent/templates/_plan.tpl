{{/*
What has been decided about the deployment, as YAML: the same that "smartagent manifest" decides, of
the same facts, which are in files/needs.yaml. A test compares both.
*/}}
{{- define "smartagent.plan" -}}
{{- $needs := .Files.Get "files/needs.yaml" | fromYaml -}}
{{- $values := .Values -}}
{{- $without := $values.without -}}
{{- $choice := include "smartagent.choice" . | fromJson -}}
{{- $features := $choice.features -}}
{{- $admin := or $values.privileged (not (has "SYS_ADMIN" $without)) -}}
{{- $remounts := and $values.remount $admin -}}
{{- if and (has "SYS_CHROOT" $without) (not $remounts) -}}
{{- fail "\nWithout SYS_CHROOT the host's root is entered by pivot_root, in a mount namespace that takes SYS_ADMIN.\nTake SYS_CHROOT out of \"without\", or let the launch mount: SYS_ADMIN not in \"without\", \"remount\" true." -}}
{{- end -}}
{{- $runtime := printf "%s/bonree" $values.runtimePath -}}
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
{{- fail (printf "\n\"statusAddress\" is \"%s\", whose port is none.\nName one from 1 to 65535." $values.statusAddress) -}}
{{- end -}}

{{- /* Whom the agent becomes. */ -}}
{{- $unable := list -}}
{{- range $needs.launch.becomeUser.capabilities }}{{ if has . $without }}{{ $unable = append $unable . }}{{ end }}{{ end -}}
{{- $unableToMake := false -}}
{{- range $needs.launch.makeUser.capabilities }}{{ if has . $without }}{{ $unableToMake = true }}{{ end }}{{ end -}}
{{- /* A number of a file of values is a float, which toString writes as 2e+06. */ -}}
{{- $named := $values.user -}}
{{- if kindIs "float64" $named }}{{ $named = printf "%.0f" $named }}{{ end -}}
{{- $named = toString $named -}}
{{- if and $values.nonRootMode (regexMatch "^(root|0+)(:|$)" $named) -}}
{{- fail (printf "\n\"user\" is \"%s\", who is root.\nName another user, or set \"nonRootMode\" to false if root is meant." $named) -}}
{{- end -}}
{{- $root := or (not $values.nonRootMode) (gt (len $unable) 0) -}}
{{- $made := and (not $root) (not $named) (ne $values.mode "minimal") $remounts (not $unableToMake) -}}
{{- $user := "" -}}
{{- if and (not $root) (not $made) }}{{ $user = default "nobody" $named }}{{ end -}}

{{- /* Which modules run, and from which source. */ -}}
{{- $modules := list -}}
{{- $reasons := dict -}}
{{- $readers := list -}}
{{- $ids := list -}}
{{- range $module := $needs.modules -}}
{{- $isNamed := has $module.id $choice.names -}}
{{- if or $isNamed (and $choice.auto (not (has $module.id $choice.leftOut))) -}}
{{- $chosen := dict -}}
{{- range $source := $module.sources -}}
{{- if not $chosen -}}
{{- $met := or $values.privileged (not $source.device) -}}
{{- if and $source.api (not (has "kubernetes-attributes" $features)) }}{{ $met = false }}{{ end -}}
{{- range $source.capabilities }}{{ if has . $without }}{{ $met = false }}{{ end }}{{ end -}}
{{- if and (has "SYS_ADMIN" $source.capabilities) (not $isNamed) }}{{ $met = false }}{{ end -}}
{{- if $met }}{{ $chosen = $source }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if $chosen -}}
{{- range $chosen.capabilities }}{{ $_ := set $reasons . (append (default list (get $reasons .)) $module.id) }}{{ end -}}
{{- if $chosen.readsProcesses }}{{ $readers = append $readers $module.id }}{{ end -}}
{{- end -}}
{{- $modules = append $modules (dict "id" $module.id "source" (default "none" $chosen.name) "limitation" (default "" $chosen.limitation)) -}}
{{- if $module.looksAtHost }}{{ $ids = append $ids $module.id }}{{ end -}}
{{- end -}}
{{- end -}}

{{- /* What the launch needs. */ -}}
{{- $launch := list "enter" -}}
{{- if $remounts }}{{ $launch = append $launch "seal" }}{{ end -}}
{{- if not $root }}{{ $launch = append $launch "becomeUser" }}{{ end -}}
{{- if $made }}{{ $launch = append $launch "makeUser" }}{{ end -}}
{{- if $values.installer.url }}{{ $launch = append $launch "install" }}{{ end -}}
{{- range $launch -}}
{{- $need := get $needs.launch . -}}
{{- range $need.capabilities -}}
{{- if not (has . $without) }}{{ $_ := set $reasons . (prepend (default list (get $reasons .)) $need.purpose) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $capabilities := list -}}
{{- range $needs.capabilities -}}
{{- if hasKey $reasons . }}{{ $capabilities = append $capabilities (dict "name" . "reason" (join "; " (get $reasons .))) }}{{ end -}}
{{- end -}}

{{- /* Which directories of the host are mounted: the first that takes a place keeps it. */ -}}
{{- $mounts := dict -}}
{{- $_ := set $mounts $runtime (dict "name" "host-runtime-path" "readOnly" false "create" true "reason" "the agent's data") -}}
{{- if not (hasKey $mounts $values.installPath) }}{{ $_ := set $mounts $values.installPath (dict "name" "host-install-path" "readOnly" false "create" true "reason" "the installation directory") }}{{ end -}}
{{- if not (hasKey $mounts "/var/lib/bonree") }}{{ $_ := set $mounts "/var/lib/bonree" (dict "name" "host-default-runtime-path" "readOnly" false "create" true "reason" "documented: stays where another one is used") }}{{ end -}}
{{- if eq $values.mode "minimal" -}}
{{- range $needs.directories -}}
{{- if or .all $values.installer.url (and .modules (gt (len $ids) 0)) -}}
{{- if not (hasKey $mounts .path) }}{{ $_ := set $mounts .path (dict "name" .name "readOnly" true "create" false "reason" .content) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $who := default "installed agent" (join ", " $ids) -}}
{{- if $values.crio -}}
{{- range $needs.crioDirectories -}}
{{- if not (hasKey $mounts .path) }}{{ $_ := set $mounts .path (dict "name" .name "readOnly" true "create" false "reason" (printf "%s: CRI-O's storage.conf" $who)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $number := 0 -}}
{{- range $container := keys $values.containerRoots | sortAlpha -}}
{{- range $path := get $values.containerRoots $container -}}
{{- $number = add1 $number -}}
{{- $shown := false -}}
{{- range $above := keys $mounts }}{{ if hasPrefix (printf "%s/" $above) (printf "%s/" $path) }}{{ $shown = true }}{{ end }}{{ end -}}
{{- if not $shown }}{{ $_ := set $mounts $path (dict "name" (printf "container-root-%d" $number) "readOnly" true "create" false "reason" (printf "%s: state of %s" $who $container)) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- $_ := set $mounts "/" (dict "name" "host-root" "readOnly" (eq $values.mode "read-only") "create" false "reason" "the host's root; every module reads it") -}}
{{- if and $made (eq $values.mode "read-only") (not (hasKey $mounts "/etc")) }}{{ $_ := set $mounts "/etc" (dict "name" "host-etc" "readOnly" false "create" false "reason" "launch: makes the agent's user there, then seals it") }}{{ end -}}
{{- end -}}
{{- $list := list -}}
{{- range keys $mounts | sortAlpha }}{{ $list = append $list (set (get $mounts .) "path" .) }}{{ end -}}

{{- /* The options of config. */ -}}
{{- $args := list "config" "--mode" $values.mode -}}
{{- if $user }}{{ $args = concat $args (list "--user" $user) }}{{ end -}}
{{- if $root }}{{ $args = concat $args (list "--non-root-mode" "false") }}{{ end -}}
{{- if ne $choice.text "auto" }}{{ $args = concat $args (list "--modules" $choice.text) }}{{ end -}}

{{- /* The address that kubelet reaches the status server at. */ -}}
{{- $host := regexReplaceAll ":[0-9]+$" $values.statusAddress "" | trimPrefix "[" | trimSuffix "]" -}}
{{- if eq $host "0.0.0.0" }}{{ $host = "127.0.0.1" }}{{ else if eq $host "::" }}{{ $host = "::1" }}{{ end -}}

{{- dict
  "remounts" $remounts
  "root" $root
  "modules" $modules
  "capabilities" $capabilities
  "confinable" (not (or $remounts (gt (len $readers) 0)))
  "unfiltered" (has "SYS_CHROOT" $without)
  "mounts" $list
  "args" $args
  "runtimeDirectory" $runtime
  "probeHost" $host
  "probePort" (regexFind "[0-9]+$" $values.statusAddress)
  | toYaml -}}
{{- end -}}
