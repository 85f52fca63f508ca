#!/bin/sh
# What Maven runs: looks for Node first, which verify.mjs needs in order to say anything itself.
#
#   scripts/verify.sh unit|e2e [on|off]
set -eu
cd "$(dirname "$0")/.."

if [ "${2:-on}" = off ]; then
  # Once, at the end, where it is seen.
  [ "$1" = unit ] || echo "[web] LEFT OUT, for -Dweb=off was given: nothing of the web client was checked"
  exit 0
fi
for program in node npm; do
  command -v "$program" >/dev/null || {
    echo "The web client's tests need Node 20.19 or later with npm, and there is no $program here." >&2
    echo "Install it (https://nodejs.org; Debian 13: apt install nodejs npm; macOS: brew install node)," >&2
    echo "or leave the web client out: ./mvnw verify -Dweb=off" >&2
    exit 1
  }
done
exec node scripts/verify.mjs "$1"
