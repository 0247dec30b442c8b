# shellcheck shell=bash disable=SC2154 # what tests/run and tests/lib/suites.sh set
# Which suites a run is about.

# Leaves in the list of suites what --only, --full and --changed ask for, and the build where one of them needs it.
choose_suites() {
  local known wanted=("${suites[@]}") touched name
  mapfile -t known < <(printf '%s\n' "${suites[@]}" "${full_cells[@]}" | awk '!seen[$0]++')
  if [ -n "$full" ]; then
    export GATEWAY_FULL=1
    unset CF7_DIR # The suites with -cf7 set it.
    wanted=("${known[@]}")
  fi

  if [ ${#only[@]} -gt 0 ]; then
    for name in "${only[@]}"; do
      is_in "$name" "${known[@]}" || { echo "tests/run: no suite $name; there are: ${known[*]}" >&2; exit 2; }
    done
    wanted=("${only[@]}")
  elif [ -n "$changed" ]; then
    mapfile -t touched < <(changed_files | suites_of_paths)
    if ! is_in all "${touched[@]}"; then
      mapfile -t wanted < <(
        for name in "${wanted[@]}"; do
          if is_in "${name%%-*}" "${touched[@]}"; then echo "$name"; fi
        done
      )
    fi
    echo "What changed can touch: ${wanted[*]:-nothing}"
  fi

  for name in "${wanted[@]}"; do
    if waits_for_build "$name"; then wanted+=(build); break; fi
  done
  mapfile -t suites < <(for name in "${known[@]}"; do
    if is_in "$name" "${wanted[@]}"; then echo "$name"; fi
  done)
}

is_in() { # one, all...
  local one=$1 each
  shift
  for each; do [ "$each" != "$one" ] || return 0; done
  return 1
}

# Paths, old and new, that differ from the common ancestor with the main branch, and those that git does not know yet.
changed_files() {
  local git=(git -c safe.directory='*') upstream base
  upstream=$("${git[@]}" rev-parse --verify --quiet origin/main || "${git[@]}" rev-parse --verify --quiet 'main@{upstream}' 2>/dev/null)
  base=$("${git[@]}" merge-base HEAD "${upstream:-HEAD~1}") || { echo '(no common ancestor)'; return; }
  "${git[@]}" diff --name-only --no-renames "$base"
  "${git[@]}" ls-files --others --exclude-standard
}

# Reads paths, prints the suites that tests/lib/touches names for them.
suites_of_paths() {
  local path suites
  while IFS= read -r path; do
    suites_of "$path"
  done | tr ' ' '\n' | sort -u
}

suites_of() { # path
  local pattern suites
  while read -r pattern suites; do
    # shellcheck disable=SC2053 # the pattern is one
    if [ -n "$suites" ] && [ "$pattern" != '#' ] && [[ $1 == $pattern ]]; then
      echo "$suites"
      return
    fi
  done <tests/lib/touches
  echo all
}
