#!/bin/sh
# The command `gateway`. What root does here is done as the service's user: a file that root had written in /var/lib/gateway would be
# closed to the service.
if [ "$(id -u)" = 0 ]; then
  exec setpriv --reuid=gateway --regid=gateway --init-groups --no-new-privs /usr/lib/gateway/Gateway "$@"
fi
exec /usr/lib/gateway/Gateway "$@"
