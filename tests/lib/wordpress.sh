# shellcheck shell=bash disable=SC2154 # what tests/run and tests/lib/suites.sh set
# Which WordPress, database and PHP a suite runs on.

# Chooses what the suites that need a WordPress run on, for the rest of this shell.
on_wordpress() { # oldest, mariadb, cf7, php7.4...
  local word
  for word; do
    case $word in
      oldest) export WORDPRESS_SUITE=trixie ;;
      mariadb) start_mariadb || return ;;
      cf7) export CF7_DIR=$real_cf7 ;;
      php*) export GATEWAY_TEST_PHP=${word#php}; node_packages tests/php || return ;;
    esac
  done
}

# A MariaDB server of its own behind a socket in GATEWAY_TEST_MARIADB, gone with the suite. It listens to no port; who may enter the
# folder is root there.
start_mariadb() {
  local folder=$TMPDIR/mariadb server as_user=()
  mkdir -m 700 "$folder" || return
  if [ "$(id -u)" = 0 ]; then
    chown nobody "$folder"
    as_user=(--user=nobody)
  fi
  TMPDIR=$folder mariadb-install-db --no-defaults "${as_user[@]}" --datadir="$folder/data" \
    --auth-root-authentication-method=normal --skip-test-db >"$folder/install.log" 2>&1 ||
    { cat "$folder/install.log"; return 1; }
  # Its data need not survive the machine, so nothing is flushed.
  TMPDIR=$folder mariadbd --no-defaults "${as_user[@]}" --datadir="$folder/data" --socket="$folder/socket" \
    --pid-file="$folder/pid" --skip-networking --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M >"$folder/log" 2>&1 &
  server=$!
  # shellcheck disable=SC2064 # its id is known now
  trap "kill $server; wait $server" EXIT
  until mariadb --no-defaults --socket="$folder/socket" -e 'SELECT 1' >/dev/null 2>&1; do
    kill -0 "$server" 2>/dev/null || { cat "$folder/log"; return 1; }
    sleep 0.1
  done
  export GATEWAY_TEST_MARIADB=$folder/socket
}
