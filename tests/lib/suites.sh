# shellcheck shell=bash disable=SC2154 # work is the run's temporary folder
# Runs suites and counts: reads the summaries of dotnet test, PHPUnit and node --test, and the lines of check.

results=()
all_passed=0 all_failed=0

run_suite() { # name
  local name=$1 log=$work/$1.log started=$SECONDS words status passed failed
  printf '\n==== %s ====\n' "$name"
  # A subshell: what a suite starts, its own EXIT trap ends.
  IFS=- read -ra words <<<"$name"
  ("suite_${words[0]}" "${words[@]:1}") 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  read -r passed failed < <(count "$log")
  if [ "$failed" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$passed" -eq 0 ]; }; then
    echo "$name: ended with status $status after $passed tests, so it counts as failed"
    failed=1
  fi
  all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed))
  results+=("$(printf '%-28s %8d %8d %8d' "$name" "$passed" "$failed" $((SECONDS - started)))")
}

# Passed and failed of a log. A test that was skipped proves nothing, so it counts as failed.
count() { # log
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    function number(name) { return match($0, name ":? +[0-9]+") ? substr($0, RSTART + length(name) + 1, RLENGTH - length(name) - 1) + 0 : 0 }
    /^(Passed|Failed|Skipped)! +- Failed:/ { passed += number("Passed"); failed += number("Failed") + number("Skipped") }
    /^OK \([0-9]+ tests?, / { passed += substr($2, 2) }
    /^Tests: [0-9]+, Assertions: / {
      bad = number("Errors") + number("Failures") + number("Skipped") + number("Incomplete") + number("Risky") + number("Warnings")
      passed += number("Tests") - bad; failed += bad
    }
    /^(#|ℹ) pass [0-9]+$/ { passed += $3 }
    /^(#|ℹ) (fail|cancelled|skipped|todo) [0-9]+$/ { failed += $3 }
    /^check passed: / { passed++ }
    /^check failed: / { failed++ }
    END { print passed + 0, failed + 0 }'
}

check() { # what, command...
  local what=$1 log
  shift
  log=$(mktemp -p "$work")
  if "$@" >"$log" 2>&1; then
    echo "check passed: $what"
  else
    cat "$log"
    echo "check failed: $what"
  fi
}

in_folder() { # folder, command...
  (cd "$1" && shift && "$@")
}

lint_php() { # folder
  local file status=0
  while IFS= read -r -d '' file; do
    php -l "$file" >/dev/null || status=1
  done < <(find "$1" -name '*.php' -not -path '*/vendor/*' -not -path '*/node_modules/*' -print0)
  return $status
}

parses_in() { # PHP version, folder
  local said
  said=$(tests/php/php "$1" tests/php/parse.php "$2")
  echo "$said"
  [[ $said =~ ^all\ [0-9]+\ files\ parse$ ]]
}

print_results() {
  printf '\n%-28s %8s %8s %8s\n' suite passed failed seconds
  printf '%s\n' "${results[@]}"
  printf '\n%d passed, %d failed\n' "$all_passed" "$all_failed"
  [ "$all_failed" -eq 0 ]
}
