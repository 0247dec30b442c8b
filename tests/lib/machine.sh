# shellcheck shell=bash disable=SC2154 # what tests/run and tests/lib/lanes.sh set
# What the suites need from the machine: packages, npm packages, a PostgreSQL server, the built gateway.

export GATEWAY_CACHE=${GATEWAY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/gateway-tests}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Build servers of MSBuild would outlive the run. The compiler's server carries the mark of the run and ends with it.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# Compilers, commands and gateways live for seconds here: code that is measured to become quicker later never pays, and memory that is
# cleaned beside the work takes a processor that others need.
export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0
# Memory for machine code is written and run in one mapping: each change through a second one costs calls of the system.
export DOTNET_EnableWriteXorExecute=0
# The gateway that all suites start; tests/wordpress/lib/gateway.js has the same default.
export GATEWAY_PROGRAM=${GATEWAY_PROGRAM:-$PWD/src/Gateway/bin/Release/net10.0/Gateway.dll}

node_version=22.23.3
packages=(
  git openssl postgresql mariadb-server-core mariadb-client-core shellcheck systemd zip unzip gettext
  php-cli php-mysql php-sqlite3 php-xml php-mbstring php-curl php-gd php-intl php-zip phpunit php-codesniffer
  postfix dovecot-imapd dovecot-pop3d dovecot-lmtpd
)
# What these packages would start for the whole machine; the tests start instances of their own.
mail_units=(postfix.service dovecot.service dovecot.socket)

prepare_machine() {
  local missing=() package
  command -v dotnet >/dev/null || {
    echo 'tests/run: the .NET 10 SDK is missing; install it (https://dot.net) and run this again.' >&2
    return 1
  }
  # A test puts a pooler before a server of its own; another installs the Debian package on a Debian that boots in a container.
  [ -z "${GATEWAY_FULL:-}" ] || packages+=(pgbouncer debootstrap lintian systemd-container)
  command -v npm >/dev/null || packages+=(nodejs npm)
  [ -n "${CHROMIUM:-}" ] || packages+=(chromium-headless-shell) # It has no windows, and takes a fifth less of the processor.
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}" || return
  newer_node && make_master_key
}

# One for all gateways of the run that the suites in JavaScript start.
make_master_key() {
  export GATEWAY_TEST_MASTER_KEY=$work/master.pem GATEWAY_TEST_DATABASE=$work/gateway.db
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 3650 -subj '/CN=Gateway master key' -keyout "$work/master.key" \
    -out "$work/master.crt" 2>/dev/null && (umask 077 && cat "$work/master.crt" "$work/master.key" >"$GATEWAY_TEST_MASTER_KEY")
}

# One for all of them but those that a test wants to be new: to make its tables takes each gateway half a second of a processor.
make_database() {
  GATEWAY_ENV_FILE='' ASPNETCORE_ENVIRONMENT=Development Gateway__PublicUrl=http://localhost \
    Gateway__MasterKeyFile=$GATEWAY_TEST_MASTER_KEY ConnectionStrings__Gateway="Data Source=$GATEWAY_TEST_DATABASE;Pooling=False" \
    dotnet "$GATEWAY_PROGRAM" migrate
}

install_packages() {
  local log=$work/apt.log as_root=() unit
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  echo "Installing: $*"
  for unit in "${mail_units[@]}"; do
    if [[ " $*" == *" ${unit%.*}"* ]]; then keep_from_starting "$unit"; fi
  done
  if ! {
    "${as_root[@]}" apt-get update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "$@"
  } >"$log" 2>&1; then
    tail -20 "$log" >&2
    echo 'tests/run: the packages could not be installed.' >&2
    return 1
  fi
}

# Before its package is there: systemd then starts it neither now nor with the machine. `systemctl unmask UNIT` takes it back. Where there
# is no systemd, the run level keeps the package from it.
keep_from_starting() { # unit
  local masked=/etc/systemd/system/$1
  [ -e "$masked" ] || [ -L "$masked" ] || "${as_root[@]}" ln -s /dev/null "$masked"
}

# The Node.js of Debian 12 is too old for Playwright; npm has newer ones.
newer_node() {
  local folder=$GATEWAY_CACHE/node-$node_version
  [ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ] && return
  [ -x "$folder/node_modules/.bin/node" ] || npm install --prefix "$folder" --loglevel=error "node@$node_version" || return
  export PATH=$folder/node_modules/.bin:$PATH
}

# Installs what a lock file names, unless that is there already. What was installed once for a lock file and a Node.js is kept in
# GATEWAY_CACHE and copied: an empty clone need not install it again. Two suites may want the same folder at once.
node_packages() { # folder
  local modules=$1/node_modules lock kept
  lock=$(sha256sum "$1/package-lock.json" | cut -d' ' -f1)-$(node -p process.versions.modules) || return
  kept=$GATEWAY_CACHE/node-modules/$lock
  (
    flock 9
    [ "$(cat "$modules/.installed" 2>/dev/null)" = "$lock" ] && exit
    if [ -d "$kept" ]; then
      rm -rf "$modules" && same_files "$kept" "$modules" && touch "$kept"
    else
      in_folder "$1" npm ci --prefer-offline --no-audit --no-fund --loglevel=error && echo "$lock" >"$modules/.installed" || exit
      keep_node_packages "$modules" "$kept"
    fi
  ) 9>"$work/npm-${1//\//-}.lock"
}

# Whole or not at all; runs of two clones may keep the same. What nobody wanted for a month goes.
keep_node_packages() { # node_modules, where
  local copy=$2.$BASHPID
  mkdir -p "${2%/*}"
  find "${2%/*}" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
  same_files "$1" "$copy"
  mv -T "$copy" "$2" 2>/dev/null || rm -rf "$copy"
}

# Links where it can: npm replaces files and never writes into one.
same_files() { # from, to
  cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2" && cp -a "$1" "$2"; }
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# A database cluster of its own in GATEWAY_TEST_POSTGRES, gone with the suite. PostgreSQL refuses to run as root.
start_postgres() {
  local folder=$TMPDIR/postgres bin port password as_postgres=()
  bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 | sort -V | tail -1)
  port=$(free_port)
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  mkdir -p "$folder"
  cd "$folder" || return
  echo "$password" >password
  if [ "$(id -u)" = 0 ]; then
    chown -R postgres .
    as_postgres=(runuser -u postgres --)
  fi
  pg_ctl=("${as_postgres[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w)

  "${as_postgres[@]}" "$bin/initdb" -D data -U gateway --auth=scram-sha-256 --pwfile=password --encoding=UTF8 --locale=C.UTF-8 \
    >initdb.log 2>&1 || { cat initdb.log; return 1; }
  trap '"${pg_ctl[@]}" -m immediate stop >/dev/null' EXIT
  # Its data need not survive the machine, so fsync is off.
  "${pg_ctl[@]}" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder" \
    -o '-c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off' start >/dev/null || { cat log; return 1; }
  cd "$OLDPWD" || return
  export GATEWAY_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=gateway;Password=$password"
}
