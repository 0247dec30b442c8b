#!/bin/sh
# The command `gateway`. What root does here is done as the service's user: a file that root had written in /var/lib/gateway would be
# closed to the service.

# Never settings that lie in the folder where somebody happens to be.
export ASPNETCORE_CONTENTROOT=/usr/lib/gateway
if [ "$(id -u)" = 0 ]; then
  export HOME=/var/lib/gateway
  exec setpriv --reuid=gateway --regid=gateway --init-groups --no-new-privs /usr/lib/gateway/Gateway "$@"
fi
exec /usr/lib/gateway/Gateway "$@"
