# Functions of the scripts that build, run and test the image. Sourced, not run.
# shellcheck shell=bash

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly repository
readonly java_version=25
# The contract's capabilities, as docker/local-run and the tests give them to the container.
readonly documented_capabilities="CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID SYS_RESOURCE SYS_CHROOT SYS_ADMIN SYSLOG NET_ADMIN NET_RAW NET_BROADCAST KILL SETFCAP SETGID SETUID SYS_PTRACE"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$(basename "$0"): $*"
  exit 1
}

# --- what has to be installed ------------------------------------------------------------------

# Prints the major version of the JDK in directory $1; nothing if it is no JDK.
jdk_version() {
  [[ -x $1/bin/javac && -x $1/bin/jlink && -r $1/release ]] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the directory of a JDK that can build and be linked into the image: JAVA_HOME, else what
# the distributions install. Fails where there is none.
#
# It has to be exactly the version of the language level: the image carries this JDK's run-time.
find_jdk() {
  local directory
  for directory in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
    if [[ $(jdk_version "$directory") == "$java_version" ]]; then
      printf '%s\n' "$directory"
      return 0
    fi
  done
  return 1
}

# Runs a command as root.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif type -P sudo >/dev/null; then
    sudo "$@"
  else
    fail "\"$*\" has to run as root, and there is no sudo. Run it as root once, then this script again."
  fi
}

# An administrator's commands are not on every user's PATH.
find_command() { PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin type -P "$1"; }

# Asks the package sources, once, what they have today.
package_lists_are_fresh=false
refresh_package_lists() {
  $package_lists_are_fresh && return 0
  type -P apt-get >/dev/null ||
    fail "This machine has no apt-get. Install by hand what is named above as missing, and try again."
  step "Asking the package sources what they have" as_root apt-get -q -o DPkg::Lock::Timeout=120 update ||
    fail "apt-get could not update its lists, for the reason above."
  package_lists_are_fresh=true
}

package_exists() {
  refresh_package_lists
  [[ -n $(apt-cache madison "$1" 2>/dev/null) ]]
}

# Packages that were found missing, and are installed together.
missing_packages=()

# Notes that the packages $2... are missing, because of $1.
need_packages() {
  local why=$1
  shift
  say "$why: $* will be installed."
  missing_packages+=("$@")
}

# Notes that the packages $2... are missing where the command $1 is.
need_command() {
  local command=$1
  shift
  find_command "$command" >/dev/null ||
    need_packages "There is no command \"$command\"" "$@"
}

install_missing() {
  ((${#missing_packages[@]} > 0)) || return 0
  refresh_package_lists
  # Nothing that is installed is removed for it: that is the user's decision.
  step "Installing ${missing_packages[*]}" as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=120 install --no-install-recommends --no-remove "${missing_packages[@]}" ||
    fail "apt-get could not install ${missing_packages[*]}, for the reason above. Install them by hand, and try again."
  missing_packages=()
}

# Installs the JDK where a package of it exists, and exports JAVA_HOME: Debian's Maven brings an older one.
need_jdk() {
  local package
  if ! JAVA_HOME=$(find_jdk); then
    say "There is no JDK $java_version in JAVA_HOME or /usr/lib/jvm: looking for a package."
    for package in "temurin-$java_version-jdk" "openjdk-$java_version-jdk-headless"; do
      if package_exists "$package"; then
        need_packages "There is no JDK $java_version" "$package"
        install_missing
        break
      fi
    done
    JAVA_HOME=$(find_jdk) || fail "No JDK $java_version was found in JAVA_HOME or /usr/lib/jvm, and no package source of this machine has one. Install Eclipse Temurin $java_version (https://adoptium.net/installation/linux/) or any other full JDK $java_version, set JAVA_HOME, and try again."
  fi
  export JAVA_HOME
}

# The JDK first: it is what may not be there to install.
need_build_tools() {
  need_jdk
  need_command mvn maven
  need_command unzip unzip
  need_command strip binutils
  install_missing
}

# Docker's client, with sudo where its socket is not for this user.
docker_client=(docker)
docker() { command "${docker_client[@]}" "$@"; }

docker_answers() { docker info >/dev/null 2>&1; }

# What started Docker's engine: systemctl, dockerd, or nothing where it was running.
docker_started_by=
dockerd_pid=

# Prints what makes the client ask another engine than this machine's own: a variable or a context.
# In the order of the client: DOCKER_HOST takes precedence over each context.
named_engine() {
  local context
  if [[ -n ${DOCKER_HOST-} ]]; then
    printf 'DOCKER_HOST="%s"\n' "$DOCKER_HOST"
  elif [[ -n ${DOCKER_CONTEXT-} && $DOCKER_CONTEXT != default ]]; then
    printf 'DOCKER_CONTEXT="%s"\n' "$DOCKER_CONTEXT"
  elif type -P docker >/dev/null; then
    if context=$(command docker context inspect -f '{{.Name}}, {{.Endpoints.docker.Host}}' 2>&1); then
      [[ $context == default,* ]] || printf 'the context "%s" (%s)\n' "${context%%, *}" "${context#*, }"
    elif [[ $context == *"not found"* || $context == *"unable to resolve"* ]]; then
      # As an uninstalled Docker Desktop leaves it.
      printf 'currentContext in "%s"\n' "${DOCKER_CONFIG:-$HOME/.docker}/config.json"
    fi
  fi
}

# Fails where an engine that the user has named does not answer: a second engine is not what was
# asked for. Called before anything is installed.
check_named_engine() {
  local named answer
  named=$(named_engine)
  [[ -n $named ]] && type -P docker >/dev/null || return 0
  # Without a format: with one, some clients exit with 0 whatever the engine answers.
  answer=$(docker info 2>&1 >/dev/null) && return 0
  fail "Docker's engine, named by $named, does not answer:
  ${answer//$'\n'/$'\n'  }
No engine was installed or started. Start that engine, or unset DOCKER_HOST and DOCKER_CONTEXT (and run \"docker context use default\") to use this machine's own."
}

docker_service_exists() {
  [[ -d /run/systemd/system ]] && systemctl cat docker.service >/dev/null 2>&1
}

docker_engine_exists() { docker_service_exists || find_command dockerd >/dev/null; }

# Installs the engine and the client if they are missing: they are packages of
# their own in some releases, and either can be on a machine without the other.
need_docker_packages() {
  local client_package
  if ! docker_engine_exists && [[ -z $(named_engine) ]]; then
    client_package=$(dpkg-query -S "$(type -P docker)" 2>/dev/null) || client_package=
    case ${client_package%%:*} in
      # Docker's own packages, which exclude Debian's.
      docker-ce-cli) need_packages "There is no Docker engine" docker-ce containerd.io ;;
      *) need_packages "There is no Docker engine" docker.io ;;
    esac
  fi
  if ! type -P docker >/dev/null; then
    if package_exists docker-cli; then
      need_packages 'There is no command "docker"' docker-cli
    elif [[ -n $(named_engine) ]]; then
      # Its package would start another engine on this machine.
      fail "There is no command \"docker\" to ask the engine that is named by $(named_engine). Install a Docker client, and try again."
    elif [[ " ${missing_packages[*]} " != *" docker.io "* ]]; then
      need_packages 'There is no command "docker"' docker.io
    fi
  fi
  install_missing
  hash -r
}

# dockerd needs them, and only packages that bring it bring them too.
need_dockerd_parts() {
  need_command iptables iptables
  need_command containerd containerd
  need_command runc runc
  if ! grep -q '^[^ ]* [^ ]* cgroup2\? ' /proc/mounts; then need_command cgroupfs-mount cgroupfs-mount; fi
  install_missing
  # A machine without systemd mounts no cgroups by itself.
  if ! grep -q '^[^ ]* [^ ]* cgroup2\? ' /proc/mounts; then as_root cgroupfs-mount; fi
}

start_docker() {
  if docker_service_exists; then
    # An engine that runs and does not answer this client is the user's, and stays as it is.
    if systemctl is-active -q docker; then return 0; fi
    say "Docker's engine is not running: starting it with systemctl. It is left running."
    as_root systemctl start docker
    docker_started_by=systemctl
  else
    if dockerd_runs; then return 0; fi
    need_dockerd_parts
    say "Docker's engine is not running: starting dockerd in the background, with its log in $dockerd_log. It is left running."
    # shellcheck disable=SC2016 # root's shell expands it
    dockerd_pid=$(as_root sh -c 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; setsid dockerd >>"$0" 2>&1 </dev/null & echo $!' "$dockerd_log")
    docker_started_by=dockerd
  fi
}

# Returns whether an engine runs already. The file of its process id outlives one that was killed,
# and another process may have the number by now, or a zombie, which no longer has an executable.
dockerd_runs() {
  local pid name
  pid=$(as_root cat /run/docker.pid 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] || return 1
  name=$(as_root readlink "/proc/$pid/exe" 2>/dev/null) && [[ ${name##*/} == dockerd* ]]
}

readonly dockerd_log=/var/log/dockerd.log

# Makes docker() a client that the engine answers: the first one on the PATH, else the one that came
# with the engine (a client can be too new for an engine), else either with sudo.
choose_docker_client() {
  docker_client=(docker)
  docker_answers && return 0
  if [[ -x /usr/bin/docker ]] && /usr/bin/docker info >/dev/null 2>&1; then
    say "\"$(type -P docker)\" cannot talk to the engine: using /usr/bin/docker."
    export PATH=/usr/bin:$PATH
    hash -r
    return 0
  fi
  if ((EUID != 0)) && type -P sudo >/dev/null && [[ ! -w /var/run/docker.sock ]]; then
    docker_client=(sudo docker)
    if docker_answers; then
      say "User \"$(id -un)\" may not use Docker's socket: using sudo. (\"sudo usermod -aG docker $(id -un)\" and a new login make that needless.)"
      return 0
    fi
    docker_client=(docker)
  fi
  return 1
}

# Installs and starts Docker's engine where none answers.
need_docker() {
  check_named_engine
  if type -P docker >/dev/null && choose_docker_client; then return 0; fi
  need_docker_packages
  check_named_engine
  # The package may have started it.
  choose_docker_client && return 0
  start_docker
  local deadline=$((SECONDS + (${docker_started_by:+55} + 5)))
  until choose_docker_client; do
    if [[ -n $dockerd_pid ]] && ! as_root kill -0 "$dockerd_pid" 2>/dev/null; then
      as_root tail -n 20 "$dockerd_log" >&2
      fail "dockerd ended at once. The end of its log, $dockerd_log, is above."
    fi
    if ((SECONDS >= deadline)); then
      docker info >/dev/null || true
      [[ -n $docker_started_by ]] ||
        fail "Docker's engine runs, and does not answer this client, for the reason above. It was left as it is."
      fail "Docker's engine did not answer within a minute; the client's message is above. Look at $(if [[ -n $dockerd_pid ]]; then echo "$dockerd_log"; else echo '"journalctl -u docker"'; fi)."
    fi
    sleep 0.5
  done
}

# Ends Docker's engine where need_docker started it.
stop_docker_if_started() {
  # shellcheck disable=SC2016 # root's shell expands it
  case $docker_started_by in
    systemctl) as_root systemctl stop docker.socket docker ;;
    dockerd) as_root kill "$dockerd_pid" ;;
    *) ;;
  esac
}

# --- capabilities ------------------------------------------------------------------------------

# Prints the names of the documented capabilities that this host's own bounding set lacks: the
# engine cannot give what it has not got, and refuses to start such a container.
capabilities_missing_on_host() {
  local bounding number name
  bounding=$((16#$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)))
  for name in $documented_capabilities; do
    number=$(capability_number "$name")
    (((bounding >> number) & 1)) || printf '%s\n' "$name"
  done
}

# Prints the documented capabilities that this host can give.
capabilities_of_host() {
  local missing name
  missing=" $(capabilities_missing_on_host | paste -s -d ' ') "
  for name in $documented_capabilities; do
    [[ $missing == *" $name "* ]] || printf '%s\n' "$name"
  done
}

# Prints the number of the capability: linux/capability.h.
capability_number() {
  case $1 in
    CHOWN) echo 0 ;;
    DAC_OVERRIDE) echo 1 ;;
    DAC_READ_SEARCH) echo 2 ;;
    FOWNER) echo 3 ;;
    FSETID) echo 4 ;;
    KILL) echo 5 ;;
    SETGID) echo 6 ;;
    SETUID) echo 7 ;;
    NET_BROADCAST) echo 11 ;;
    NET_ADMIN) echo 12 ;;
    NET_RAW) echo 13 ;;
    SYS_CHROOT) echo 18 ;;
    SYS_PTRACE) echo 19 ;;
    SYS_ADMIN) echo 21 ;;
    SYS_RESOURCE) echo 24 ;;
    SETFCAP) echo 31 ;;
    SYSLOG) echo 34 ;;
    *) fail "\"$1\" is none of the documented capabilities: $documented_capabilities" ;;
  esac
}

# --- progress ----------------------------------------------------------------------------------

# Runs a slow command and reports that it runs: a line for a person, a clock on a terminal, the
# command's own output only where it fails.
step() {
  local title=$1 log started=$SECONDS clock=
  shift
  log=$(mktemp)
  printf '%s ' "$title" >&2
  if [[ -t 2 ]]; then
    # It does not hear Ctrl-C, so it looks whether the script is still there.
    while sleep 1 && kill -0 $$ 2>/dev/null; do printf '\r%s (%d s) ' "$title" $((SECONDS - started)) >&2; done &
    clock=$!
  fi
  # Not with "||", which would have the function go on after a command that fails.
  local status
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  if [[ -n $clock ]]; then
    kill "$clock" 2>/dev/null || true
    wait "$clock" 2>/dev/null || true
    printf '\r%s ' "$title" >&2
  fi
  if ((status == 0)); then
    printf '(%d s)\n' $((SECONDS - started)) >&2
  else
    printf 'failed after %d s:\n' $((SECONDS - started)) >&2
    cat "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}

# Runs a command with its output shown, and prints how long it took.
stage() {
  local started=$SECONDS
  say "=== $1"
  shift
  "$@"
  say "=== done in $((SECONDS - started)) s"
}

# --- the running agent -------------------------------------------------------------------------

# Prints the status code of GET http://127.0.0.1:$1$2; 000 without an answer.
http_status() {
  local line=
  {
    exec 9<>"/dev/tcp/127.0.0.1/$1" || { echo 000; return 0; }
  } 2>/dev/null
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&9
  IFS= read -r -t 5 line <&9 || true
  cat <&9 >/dev/null || true
  exec 9>&-
  line=${line#HTTP/* }
  printf '%s\n' "${line:0:3}"
}

# Prints an unused port of 127.0.0.1.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    [[ $(http_status "$port" /) == 000 ]] && break
  done
  printf '%s\n' "$port"
}

# Waits until the agent on port $1 is ready; fails after $2 seconds, or when container $3 has ended.
await_ready() {
  local deadline=$((SECONDS + $2))
  until [[ $(http_status "$1" /readyz) == 200 ]]; do
    ((SECONDS < deadline)) || return 1
    [[ $(docker inspect -f '{{.State.Running}}' "$3" 2>/dev/null) == true ]] || return 1
    sleep 0.05
  done
}

# --- the host's own root -----------------------------------------------------------------------

readonly host_data=/var/lib/bonree
host_data_before=

# What docker run needs to mount the host's root as the documentation says: read-only, but for
# where the agent is installed and where it keeps its data.
# shellcheck disable=SC2034 # used by the scripts
host_root_mounts=(-v /:/mnt/root:ro -v /opt:/mnt/root/opt -v "$host_data:/mnt/root$host_data")

remember_host_data() {
  [[ ! -e $host_data ]] || host_data_before=$(stat -c '%u:%g %a' "$host_data")
}

# Puts the data directory back as it was: the engine makes it, and the launcher gives it to the agent's user.
restore_host_data() {
  local image=$1
  [[ -e $host_data ]] || return 0
  if [[ -z $host_data_before ]]; then
    on_host_data "$image" rm -rf
  elif [[ $(stat -c '%u:%g %a' "$host_data") != "$host_data_before" ]]; then
    on_host_data "$image" chown "${host_data_before% *}"
    on_host_data "$image" chmod "${host_data_before#* }"
  fi
}

# Runs a command of this machine on the data directory, as root. Who may use Docker need not be root:
# then it runs in a container, by the loader and libc of image $1.
on_host_data() {
  local image=$1
  shift
  if ((EUID == 0)); then
    "$@" "$host_data"
  else
    docker run --rm --network none --cap-drop ALL --cap-add DAC_OVERRIDE --cap-add CHOWN --cap-add FOWNER \
      -v /usr/bin:/host:ro -v "${host_data%/*}:${host_data%/*}" --entrypoint /smartagent/bin/smartagent \
      "$image" --library-path /smartagent/lib "/host/$1" "${@:2}" "$host_data"
  fi
}

# --- the sources -------------------------------------------------------------------------------

project_version() { sed -n 's|^  <version>\(.*\)</version>$|\1|p' "$repository/pom.xml" | head -n 1; }

build_time() { sed -n 's|.*<project.build.outputTimestamp>\(.*\)</project.*|\1|p' "$repository/pom.xml"; }

# Prints a digest of everything that the image is made from; it is a label of the image.
sources_digest() {
  (
    cd "$repository" || exit
    find pom.xml .mvn native-bindings/pom.xml native-bindings/src/main agent-core/pom.xml agent-core/src/main \
      image/pom.xml image/src docker/Dockerfile docker/build-image docker/train-caches docker/lib.sh \
      -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
  )
}
