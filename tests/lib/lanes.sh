# shellcheck shell=bash disable=SC2154 # what tests/run and tests/lib/suites.sh set
# Runs suites, some at a time or one by one, counts what they found, and ends all that they started.

declare -A suite_of=() # of a process, by its id
declare -A began=()    # when a suite began
table=() all_passed=0 all_failed=0

start_run() {
  work=$(mktemp -d)
  export GATEWAY_TEST_RUN=$work # Every process of the run carries it, which tells end_run what to end.
  chmod 711 "$work"
  trap end_run EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  set -m # Each suite is a process group.
}

end_run() {
  local pid
  trap '' INT TERM HUP
  for pid in "${!suite_of[@]}"; do kill -- "-$pid" 2>/dev/null; done
  # Whoever left the group, such as a browser or a database server, still has the mark of the run.
  kill_marked TERM
  for _ in {1..50}; do
    kill_marked 0 || break
    sleep 0.1
  done
  kill_marked KILL
  rm -rf "$work"
}

kill_marked() { # signal
  local pids
  mapfile -t pids < <(grep -slF "GATEWAY_TEST_RUN=$work" /proc/[0-9]*/environ | cut -d/ -f3)
  [ ${#pids[@]} -gt 0 ] && kill -s "$1" "${pids[@]}" 2>/dev/null
}

# ---- Running ----

run_lanes() { # Takes the suites out of the list.
  local pid status name
  print_row suite passed failed seconds cpu
  while feed; [ ${#suite_of[@]} -gt 0 ]; do
    wait -n -p pid "${!suite_of[@]}"
    status=$?
    name=${suite_of[$pid]}
    unset "suite_of[$pid]"
    finish_suite "$name" "$status"
  done
}

# Starts what can begin, in the order of the list, while a lane is free.
feed() {
  local name
  while [ ${#suite_of[@]} -lt "$lanes" ] && name=$(first_ready); do
    mapfile -t suites < <(without "$name" "${suites[@]}")
    began[$name]=$EPOCHREALTIME
    run_suite "$name" >"$work/$name.log" 2>&1 </dev/null &
    suite_of[$!]=$name
  done
}

first_ready() {
  local name
  for name in "${suites[@]}"; do
    if ! waits_for_build "$name" || [ -e "$work/build.done" ]; then
      echo "$name"
      return
    fi
  done
  return 1
}

waits_for_build() { # suite
  is_in "${1%%-*}" "${after_build[@]}"
}

without() { # one, all...
  local one=$1 each
  shift
  for each; do [ "$each" = "$one" ] || printf '%s\n' "$each"; done
}

run_one_by_one() {
  local name
  for name in "${suites[@]}"; do
    printf '\n==== %s ====\n' "$name"
    began[$name]=$EPOCHREALTIME
    { run_suite "$name" 2>&1 | tee "$work/$name.log"; } </dev/null &
    suite_of[$!]=$name
    wait $!
    finish_suite "$name" $?
    suite_of=()
  done
}

# One suite, in a process of its own, so that its EXIT trap ends the servers it started.
run_suite() { # name
  local words status
  IFS=- read -ra words <<<"$1"
  results=$work/$1/results
  export TMPDIR=$work/$1/tmp # What a suite leaves behind goes with the rest.
  mkdir -p "$results" "$TMPDIR"
  chmod 711 "$work/$1" "$TMPDIR" # A database server runs as another user.
  if waits_for_build "$1" && [ ! -e "$work/built" ]; then
    echo "$1 could not run, since the build failed."
    return 1
  fi
  "suite_${words[0]}" "${words[@]:1}"
  status=$?
  times >"$work/$1/times"
  return $status
}

# ---- What they found ----

finish_suite() { # name, status
  local name=$1 status=$2 passed=0 failed=0 row
  if [ "$name" = build ]; then touch "$work/build.done"; fi
  read -r passed failed < <(node tests/lib/results.mjs count "$work/$name")
  if [ "$failed" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$passed" -eq 0 ]; }; then
    echo "$name: ended with status $status after $passed tests, so it counts as failed" >>"$work/$name.log"
    failed=1
  fi
  all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed))
  row=$(print_row "$name" "$passed" "$failed" "$(seconds_since "${began[$name]}")" "$(cpu_seconds "$name")")
  table+=("$row")
  if [ ${#only[@]} -eq 0 ] && [ "$failed" -gt 0 ]; then
    printf '\n==== %s failed; all that it printed: ====\n' "$name"
    cat "$work/$name.log"
    printf '==== end of %s ====\n\n' "$name"
  fi
  echo "$row"
}

# What the processor was busy with it, whatever else the machine did; neither servers nor what suites share is in it.
cpu_seconds() { # suite
  tr 'ms' '  ' <"$work/$1/times" 2>/dev/null | awk '{ all += $1 * 60 + $2 + $3 * 60 + $4 } END { printf "%.1f", all }'
}

print_row() { # suite, passed, failed, seconds, cpu
  printf '%-28s %8s %8s %8s %8s\n' "$@"
}

print_results() {
  echo
  print_row suite passed failed seconds cpu
  printf '%s\n' "${table[@]}"
  printf '\nThe ten slowest tests, in seconds:\n'
  node tests/lib/results.mjs slowest "$work"
  printf '\n%d passed, %d failed\n' "$all_passed" "$all_failed"
  [ "$all_failed" -eq 0 ]
}
