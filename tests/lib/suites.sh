# shellcheck shell=bash disable=SC2154 # what tests/run sets
# The suites. Each is a function that prints what its tools print and writes their results into the folder $results; check names a
# command that has no tests of its own. The words of a name after the first are arguments: plugin-oldest-mariadb calls
# suite_plugin oldest mariadb.

# In the order in which they begin: what takes longest comes first. Two at a time keep two cores busy; three were no quicker, and each
# test waited three times as long.
suites=(build sqlite wordpress-mariadb postgresql contracts pages zapier clients plugin-mariadb mail-server php scripts packaging)
lanes=2
after_build=(sqlite postgresql repeated contracts mail pages wordpress zapier packaging) # What runs the built gateway.

# What --full adds: each transaction twice, and the suites that need a WordPress on each WordPress, database and PHP beside the one that
# nearly all sites have.
full_cells=(repeated {plugin,wordpress}{,-oldest}{,-mariadb} plugin-php{7.4,8.4})
real_cf7=${CF7_DIR:-}
if [ -n "$real_cf7" ]; then full_cells+=({plugin,wordpress}{,-oldest}{,-mariadb}-cf7); fi

# The gateway's own pages in a browser lie in tests/wordpress, but need no WordPress.
page_tests=({admin,first-run,passkeys,templates}.test.js)

suite_scripts() {
  local scripts
  mapfile -t scripts < <(grep -rlIE --exclude-dir=node_modules '^#!(/usr/bin/env bash|/bin/sh)' .ci src/packaging tests wordpress-plugin)
  check 'shellcheck' shellcheck -x "${scripts[@]}"
  check 'no line is longer than 140 characters' tests/lib/line-lengths
  check 'white space of the C# code' dotnet format whitespace --folder . --verify-no-changes
}

suite_php() {
  check 'PHP of the test site parses' lint_php tests/wordpress
  check 'PHP of the plugin parses' lint_php wordpress-plugin
  check 'coding standard' in_folder wordpress-plugin phpcs
  check 'translations are complete' wordpress-plugin/translate --check
  node_packages tests/php || return
  check 'PHP of the plugin parses in PHP 7.4' parses_in 7.4 wordpress-plugin
  check 'PHP of the plugin parses in PHP 8.4' parses_in 8.4 wordpress-plugin
}

# The only one that compiles C#; its analyzers check the code's style as well.
suite_build() {
  check 'build without warnings' build_gateway
}

suite_sqlite() {
  csharp_tests 'Run!=full'
}

# What the database undoes and is done again must end as if nothing had happened: each transaction is undone once.
suite_repeated() {
  GATEWAY_TEST_UNDO=1 GATEWAY_FULL='' csharp_tests 'Run!=full' 'Undone!=no'
}

# What locks, queues, counts, writes at once with others or searches; the rest has run on SQLite already.
suite_postgresql() {
  start_postgres && csharp_tests 'Database=both' 'Run!=full'
}

suite_plugin() { # oldest, mariadb, cf7, php7.4...
  on_wordpress "$@" || return
  local site
  site=$(mktemp -d)
  tests/wordpress/provision "$site" >/dev/null && wordpress-plugin/tests/run "$site" --log-junit "$results/phpunit.xml"
}

# Those tests of contracts that start no gateway need not wait for the build.
suite_clients() {
  contract_tests --files-without-match
}

suite_contracts() {
  with_gateways contract_tests --files-with-matches
}

# Its receiver of webhooks is that of the contract tests.
suite_mail() { # server
  node_packages tests/contracts && with_gateways node_tests tests/mail-server '*.test.js'
}

suite_wordpress() { # oldest, mariadb, cf7...
  on_wordpress "$@" || return
  local files
  mapfile -t files < <(in_folder tests/wordpress compgen -G '*.test.js' | grep -vxF "$(printf '%s\n' "${page_tests[@]}")")
  node_packages tests/wordpress && with_gateways node_tests tests/wordpress "${files[@]}"
}

suite_pages() {
  node_packages src/editor && check 'the code editor is what its source makes' in_folder src/editor npm run check
  node_packages tests/wordpress && with_gateways node_tests tests/wordpress "${page_tests[@]}"
}

suite_zapier() {
  node_packages tests/contracts && node_packages zapier-app || return
  check 'lint of the Zapier app' in_folder zapier-app npm run lint
  export NODE_ENV=test
  with_gateways node_tests zapier-app 'test/*.test.js'
}

suite_packaging() {
  local files=(packaging.test.js)
  node_packages tests/packaging || return
  if [ -n "${GATEWAY_FULL:-}" ]; then
    node_packages tests/wordpress || return # its mail server
    files+=(debian.test.js)
  fi
  node_tests tests/packaging "${files[@]}"
}

# ---- What they are made of ----

# Gateways and commands are started inside two processes, which the tests call (GATEWAY_TEST_TOGETHER says where). The first suite that
# wants them starts them, for all: what one has loaded and compiled is there for the next. They end with the run.
with_gateways() { # command...
  export GATEWAY_TEST_TOGETHER=$work/together
  (flock 9 && { all_run_together || start_together; }) 9>"$work/together.lock" && "$@"
  local status=$?
  all_run_together && return $status
  cat "$GATEWAY_TEST_TOGETHER"/*.log
  return 1
}

start_together() {
  local name hook=$PWD/tests/Gateway.Together/bin/Release/net10.0/Gateway.Together.dll
  rm -rf "$GATEWAY_TEST_TOGETHER" && mkdir "$GATEWAY_TEST_TOGETHER" || return
  for name in gateways commands; do
    (
      export GATEWAY_TOGETHER=$GATEWAY_TEST_TOGETHER/$name.socket DOTNET_STARTUP_HOOKS=$hook TMPDIR=$GATEWAY_TEST_TOGETHER
      # Code is compiled once and for good; nobody edits the settings file.
      export DOTNET_TieredCompilation=0 DOTNET_hostBuilder__reloadConfigOnChange=false
      cd "${GATEWAY_PROGRAM%/*}" && exec dotnet "$GATEWAY_PROGRAM"
    ) >"$GATEWAY_TEST_TOGETHER/$name.log" 2>&1 9>&- &
    echo $! >>"$GATEWAY_TEST_TOGETHER/processes"
  done
  until [ -S "$GATEWAY_TEST_TOGETHER/gateways.socket" ] && [ -S "$GATEWAY_TEST_TOGETHER/commands.socket" ]; do
    all_run_together || break
    sleep 0.1
  done
}

all_run_together() {
  local process
  [ -s "$GATEWAY_TEST_TOGETHER/processes" ] || return
  while read -r process; do kill -0 "$process" 2>/dev/null || return; done <"$GATEWAY_TEST_TOGETHER/processes"
}

# One compiler for all projects, which ends with the run: each of its own would compile itself and its analyzers first.
build_gateway() {
  UseSharedCompilation=true dotnet build Gateway.sln -c Release -warnaserror &&
    tests/lib/ready-to-run src/Gateway/bin/Release/net10.0 tests/Gateway.Tests/bin/Release/net10.0 && make_database &&
    touch "$work/built"
}

# Takes the built assembly: no project is read again. Most of it has machine code already; the rest is compiled once and for good, which
# takes a quarter less of the processor than compiling twice what is called often. With room for 256 MB of new objects, in hexadecimal,
# memory is cleaned less often: many gateways live in the process, and each time it looks at much that stays.
csharp_tests() { # marks that choose tests; --full takes all
  local filter=()
  if [ -z "${GATEWAY_FULL:-}" ]; then filter=("$@"); fi
  DOTNET_TieredCompilation=0 DOTNET_GCgen0size=0x10000000 dotnet test tests/Gateway.Tests/bin/Release/net10.0/Gateway.Tests.dll \
    ${filter:+--filter "$(IFS='&' && echo "${filter[*]}")"} \
    --results-directory "$results" --logger trx --logger 'console;verbosity=minimal'
}

contract_tests() { # option of grep: the test files that start a gateway, or those that start none
  local files
  mapfile -t files < <(cd tests/contracts && grep "$1" -E 'createGateway|startCallingSite' -- *.test.js)
  node_packages tests/contracts && node_tests tests/contracts "${files[@]}"
}

node_tests() { # folder, patterns of test files
  local folder=$1 files
  shift
  mapfile -t files < <(cd "$folder" && for pattern; do compgen -G "$pattern"; done)
  # Three files at once: they wait more than they work.
  in_folder "$folder" node --test --test-concurrency=3 --test-timeout=600000 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=junit --test-reporter-destination="$results/node.xml" "${files[@]}"
}

check() { # what, command...
  local what=$1 log began=$EPOCHREALTIME status=passed
  shift
  log=$(mktemp -p "$work")
  "$@" >"$log" 2>&1 || { status=failed; cat "$log"; }
  echo "check $status: $what"
  printf '%s\t%s\t%s\n' "$status" "$(seconds_since "$began")" "$what" >>"$results/checks.tsv"
}

seconds_since() { # EPOCHREALTIME
  awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'
}

in_folder() { # folder, command...
  (cd "$1" && shift && "$@")
}

lint_php() { # folder
  local log
  log=$(find "$1" -name '*.php' -not -path '*/vendor/*' -not -path '*/node_modules/*' -print0 | xargs -0 -n 1 -P 2 php -l 2>&1) && return
  grep -v '^No syntax errors' <<<"$log"
  return 1
}

parses_in() { # PHP version, folder
  local said
  said=$(tests/php/php "$1" tests/php/parse.php "$2")
  echo "$said"
  [[ $said =~ ^all\ [0-9]+\ files\ parse$ ]]
}
