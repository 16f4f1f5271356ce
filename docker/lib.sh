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

# Prints the major version of the JDK in directory $1; nothing where that is none.
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

# Asks the package sources, once, what they have today.
package_lists_are_fresh=false
refresh_package_lists() {
  $package_lists_are_fresh && return 0
  type -P apt-get >/dev/null ||
    fail "This machine has no apt-get. Install by hand what is named above as missing, and try again."
  as_root apt-get -q -o DPkg::Lock::Timeout=120 update >&2
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
  say "$why: installing $*."
  missing_packages+=("$@")
}

# Notes that the packages $2... are missing where the command $1 is.
need_command() {
  local command=$1
  shift
  # Tools of an administrator are not on everybody's PATH.
  PATH=$PATH:/usr/sbin:/sbin type -P "$command" >/dev/null ||
    need_packages "There is no command \"$command\"" "$@"
}

install_missing() {
  ((${#missing_packages[@]} > 0)) || return 0
  refresh_package_lists
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 \
    install --no-install-recommends "${missing_packages[@]}" >&2
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

# Installs and starts Docker's engine where it is not running.
need_docker() {
  if ! type -P docker >/dev/null; then
    need_packages 'There is no command "docker"' docker.io
    # Later releases have the client in a package of its own.
    if package_exists docker-cli; then missing_packages+=(docker-cli); fi
    install_missing
  fi
  docker_answers && return 0
  if ((EUID != 0)) && type -P sudo >/dev/null && [[ ! -w /var/run/docker.sock ]]; then
    say "User \"$(id -un)\" may not use Docker's socket: using sudo. (\"sudo usermod -aG docker $(id -un)\" and a new login make that needless.)"
    docker_client=(sudo docker)
    docker_answers && return 0
  fi
  if [[ -d /run/systemd/system ]]; then
    say "Docker's engine is not running: starting it with systemctl. It is left running."
    as_root systemctl start docker
    docker_started_by=systemctl
  elif PATH=$PATH:/usr/sbin type -P dockerd >/dev/null; then
    say "Docker's engine is not running: starting dockerd in the background, with its log in /var/log/dockerd.log. It is left running."
    # shellcheck disable=SC2016 # root's shell expands it
    as_root sh -c 'PATH=$PATH:/usr/sbin:/sbin; setsid dockerd >>/var/log/dockerd.log 2>&1 </dev/null &'
    docker_started_by=dockerd
  else
    fail "Docker's engine does not answer, and there is no dockerd to start. Start it, or point DOCKER_HOST to it, and try again."
  fi
  local deadline=$((SECONDS + 60))
  until docker_answers; do
    ((SECONDS < deadline)) ||
      fail "Docker's engine did not answer within a minute. Look at \"docker info\" and at its log."
    sleep 0.5
  done
}

# Ends Docker's engine where need_docker started it.
stop_docker_if_started() {
  # shellcheck disable=SC2016 # root's shell expands it
  case $docker_started_by in
    systemctl) as_root systemctl stop docker.socket docker ;;
    dockerd) as_root sh -c 'kill "$(cat /run/docker.pid)"' ;;
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

# Runs a command that takes long, and says so: a line for a person, a clock on a terminal, the
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

# --- the running agent -------------------------------------------------------------------------

# Prints the status code of GET http://127.0.0.1:$1$2; 000 where nobody answers.
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

# Prints a port of 127.0.0.1 where nobody listens.
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
