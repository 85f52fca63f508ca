#!/usr/bin/env bash
# Whether the node in this container is ready: 0 if so. It asks the management port through bash itself,
# since an image with a Java runtime needn't have curl or wget; sh would not do, it knows no /dev/tcp.
set -u
exec 3<>"/dev/tcp/127.0.0.1/${PARLEY_MANAGEMENT_PORT:-8558}" || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
echo "ready: ${status:-no answer}"
[ "${status:-}" = 200 ]
