#!/usr/bin/env bash
# Three nodes, PostgreSQL and an edge by Docker. ./parley cluster builds what the image holds and then
# comes here. Works with the bash 3.2 that macOS has, and with both generations of compose.
set -euo pipefail
cd "$(dirname "$0")/.."

ready_within_seconds=240
root_certificate=conf/edge-root.crt

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# A setting of docker-compose.yml: from the environment, or from the file that compose reads.
setting() {
  local given=${!1:-}
  if [ -z "$given" ] && [ -f .env ]; then
    given=$(sed -n "s/^$1=//p" .env | tail -n 1 | tr -d "\"'\r")
  fi
  echo "${given:-$2}"
}

domain=$(setting DOMAIN localhost)
port=$(setting HTTPS_PORT 8443)
url=https://$domain
[ "$port" = 443 ] || url=$url:$port

require_docker() {
  local why
  command -v docker >/dev/null ||
    fail "The cluster needs Docker: https://docs.docker.com/get-docker" \
      "Without it, ./parley runs one node."
  if ! why=$(docker info 2>&1 >/dev/null); then
    case $why in
      *"ermission denied"*)
        fail "Docker runs, but you may not use it. Add yourself to its group (sudo usermod -aG docker" \
          "\$USER, then sign in anew), or run this with sudo." ;;
      *) fail "Docker is here, but its daemon doesn't answer. Start it (Docker Desktop, or sudo" \
        "systemctl start docker). It says:" "  $(printf '%s' "$why" | tail -n 1)" ;;
    esac
  fi
  if docker compose version >/dev/null 2>&1; then
    compose_command=(docker compose)
  elif command -v docker-compose >/dev/null; then
    compose_command=(docker-compose)
  else
    fail "The cluster needs Docker's compose, and neither docker compose nor docker-compose is here:" \
      "https://docs.docker.com/compose/install"
  fi
  local version
  version=$(compose version --short | sed 's/^v//')
  case $version in
    0.* | 1.? | 1.?.* | 1.1?.* | 1.2[0-8].*)
      fail "The cluster needs compose 1.29 or later, and this one is $version:" \
        "https://docs.docker.com/compose/install" ;;
  esac
}

# By the generation of compose that is here, the later one first.
compose() {
  "${compose_command[@]}" "$@"
}

# The containers of a service, running or not.
containers() {
  local all=()
  [ "${2:-}" != all ] || all=(-a)
  compose ps -q ${all[@]+"${all[@]}"} "$1" 2>/dev/null || true
}

count() {
  printf '%s' "$1" | grep -c . || true
}

state() {
  docker inspect --format \
    '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "$1" 2>/dev/null ||
    echo gone
}

require_free_port() {
  if [ -z "$(containers edge)" ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "Port $port is taken by another program. Choose another one: HTTPS_PORT=9443 ./parley cluster" \
      "(a line HTTPS_PORT=9443 in the file .env makes it stay)."
  fi
}

build_image() {
  echo "Building the image"
  # The old builder has much to say about itself.
  compose build node >target/image.log 2>&1 || {
    tail -n 20 target/image.log >&2
    fail "" "The image can't be built; all it said is in target/image.log"
  }
}

# Until every node is a member that serves; says how far it is whenever that changes.
await_nodes() {
  local wanted=$1 began=$SECONDS before='' now nodes node ready
  while :; do
    ready=0
    nodes=$(containers node)
    for node in $nodes; do
      [ "$(state "$node")" != healthy ] || ready=$((ready + 1))
    done
    now="$ready of $wanted nodes ready"
    [ "$now" = "$before" ] || printf '  %s (%d s)\n' "$now" $((SECONDS - began))
    before=$now
    [ "$ready" -lt "$wanted" ] || return 0
    if [ $((SECONDS - began)) -ge "$ready_within_seconds" ]; then
      compose ps >&2
      for node in $(containers node all); do
        if [ "$(state "$node")" != healthy ]; then
          printf '\nThe last of what %s said:\n' "$(docker inspect --format '{{.Name}}' "$node")" >&2
          docker logs --tail 15 "$node" >&2
        fi
      done
      fail "" "Not all nodes were ready within $ready_within_seconds s. What is there goes on; ./parley" \
        "cluster down stops it."
    fi
    sleep 1
  done
}

# Nodes of another image are replaced one at a time: each parts with its sockets and hands its
# conversations over, and the next one waits until its successor is ready.
roll() {
  local nodes=$1 wanted=$2 image node old='' done=0
  image=$(docker image inspect --format '{{.Id}}' parley)
  for node in $nodes; do
    [ "$(docker inspect --format '{{.Image}}' "$node")" = "$image" ] || old="$old $node"
  done
  for node in $old; do
    done=$((done + 1))
    echo "Replacing node $done of $(echo "$old" | wc -w | tr -d ' ')"
    docker stop -t 60 "$node" >/dev/null
    docker rm "$node" >/dev/null
    compose up -d --no-deps --no-recreate --scale "node=$wanted" node >target/compose.log 2>&1 ||
      fail "$(cat target/compose.log)" "" "The new node can't be started; see above."
    await_nodes "$wanted"
  done
}

up() {
  require_free_port
  build_image
  local nodes wanted scale=()
  nodes=$(containers node all)
  wanted=$(count "$nodes")
  if [ -n "$(containers node)" ]; then
    roll "$nodes" "$wanted"
  fi
  [ "$wanted" = 0 ] || scale=(--scale "node=$wanted")
  echo "Starting PostgreSQL, the nodes and the edge"
  compose up -d ${scale[@]+"${scale[@]}"} >target/compose.log 2>&1 || {
    cat target/compose.log >&2
    compose logs --tail 15 postgres >&2 || true
    fail "" "Not all of it can be started; see above."
  }
  await_nodes "$(count "$(containers node all)")"
  tell
}

# Where it is, and whom to trust: not before it answers there.
tell() {
  local trust=() edge began=$SECONDS
  edge=$(containers edge)
  if docker cp "$edge:/data/caddy/pki/authorities/local/root.crt" "$root_certificate" 2>/dev/null; then
    chmod 644 "$root_certificate"
    trust=(--cacert "$root_certificate")
  else
    rm -f "$root_certificate"
  fi
  if command -v curl >/dev/null; then
    until curl -sf -o /dev/null --max-time 5 ${trust[@]+"${trust[@]}"} \
      --connect-to "$domain:$port:127.0.0.1:$port" "$url/v1/meta"; do
      if [ $((SECONDS - began)) -ge 60 ]; then
        compose logs --tail 15 edge >&2
        fail "" "The nodes are ready, but the edge doesn't answer at $url. For a public name it needs a" \
          "certificate, and for that the world must reach this machine by the name at port 443."
      fi
      sleep 1
    done
  fi
  echo
  echo "Parley is ready: open $url"
  if [ ${#trust[@]} -gt 0 ]; then
    echo "Its certificate is its own authority's; browsers trust it once they have $PWD/$root_certificate"
  fi
  echo "./parley cluster down stops it."
}

down() {
  echo "Stopping: nodes part with everyone"
  # With the profile that was perhaps started: its containers hold the networks.
  compose --profile metrics down >target/compose.log 2>&1 || fail "$(cat target/compose.log)"
  echo "Everything is stopped, everything is kept (volumes of Docker's). To delete it for good,"
  echo "messages too: ${compose_command[*]} down --volumes"
}

mkdir -p target
require_docker
case ${1:-up} in
  check) ;; # for whoever has much to build first
  up) up ;;
  down) down ;;
  *) fail "./parley cluster knows one word, down, and was given: $*" ;;
esac
