#!/usr/bin/env bash
#
# The nightly job, for any CI: is the scenario slower, or throttled more, than in the nights before?
#
#   SCRIPT=scenarios/my-api.ts scenarios/nightly.sh                all of it, on this machine
#   SCRIPT=scenarios/my-api.ts scenarios/nightly.sh night          without the confirmation
#   SCRIPT=scenarios/my-api.ts scenarios/nightly.sh confirm RUN    the confirmation of that night, on another machine
#
# 1. A control run, the night's run, a control run. A night's run that is INVALID is repeated once.
# 2. `headroom compare nights:20` judges the night by those before it, unless the controls say that the machine was
#    not itself. It learns in the first ten nights.
# 3. For a candidate, a second run in RESULTS/confirm, where it is no night. The same metric of the same name must
#    have regressed in it as well: only that fails the job. Repeating it until it is green is no option.
#
# Variables:
#   SCRIPT        the night's scenario
#   RUN_ARGS      flags of its `headroom run`, such as `--target URL -e KEY=VALUE`
#   CONFIRM_ARGS  more flags for the confirmation; in virtual time it needs another `--seed`
#   RESULTS       folder of the nights, default results; to be kept from night to night
#   NIGHTS        how many past nights to judge by at most, 10 to 60, default 20
#   COMPARE_ARGS  flags of `headroom compare`, such as `--allow options`
#   CONTROL       the control scenario, default control.ts beside this file, or none
#   CONTROL_ARGS  flags of its `headroom run`, such as `-e SECONDS=30`
#   HEADROOM      the command, default `npx headroom`
# Flags are separated by spaces; quotes in them have no meaning.
#
# Exit codes: those of `headroom run` for the night (99: thresholds failed), 3 when the night is INVALID twice and
# there is no verdict, 4 for a confirmed regression.
#
# RESULTS/nightly.md gets the judgement as Markdown. On GitHub Actions the step's summary gets it instead, and the
# step has the outputs `candidate` (true or false) and `night` (directory of the night's run).

# Variables with flags are split into words, which are no patterns.
# shellcheck disable=SC2086
set -efuo pipefail

HEADROOM=${HEADROOM:-npx headroom}
RESULTS=${RESULTS:-results}
NIGHTS=${NIGHTS:-20}
CONTROL=${CONTROL:-$(dirname "${BASH_SOURCE[0]}")/control.ts}
RUN_ARGS=${RUN_ARGS:-}
CONFIRM_ARGS=${CONFIRM_ARGS:-}
CONTROL_ARGS=${CONTROL_ARGS:-}
COMPARE_ARGS=${COMPARE_ARGS:-}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

say() {
  printf 'nightly: %s\n' "$*" >&2
}

usage() {
  say "$1"
  say 'usage: SCRIPT=FILE nightly.sh [night | confirm RUN]'
  exit 2
}

# headroom run …: its directory in $run, its exit code in $code. Ends the job when there is nothing to judge by.
run() {
  code=0
  run=$($HEADROOM run "$@") || code=$?
  # A script may print on stdout as well; the directory comes last.
  run=${run##*$'\n'}
  run=${run%/}
  case $code in
    0 | 3 | 99 | 110) ;;
    *)
      say "the run ended with exit code $code: there is nothing to judge"
      exit "$code"
      ;;
  esac
}

control() {
  [[ $CONTROL != none ]] || return 0
  say "control run $1 the night"
  run "$CONTROL" --out "$RESULTS" $CONTROL_ARGS
  controls+=(--control "$run")
}

# A run of the scenario, flags in $@, and another one if it is INVALID.
measure() {
  run "$SCRIPT" $RUN_ARGS "$@"
  [[ $code -eq 3 ]] || return 0
  say 'that run is INVALID: once more'
  run "$SCRIPT" $RUN_ARGS "$@"
}

# Judges $night by those before it; exit code in $code, outputs for other steps in $scratch/output.
judge() {
  local summary=${GITHUB_STEP_SUMMARY:-$RESULTS/nightly.md}
  [[ -n ${GITHUB_STEP_SUMMARY:-} ]] || : >"$summary"
  : >"$scratch/output"
  code=0
  GITHUB_STEP_SUMMARY=$summary GITHUB_OUTPUT=$scratch/output \
    $HEADROOM compare "nights:$NIGHTS" "$night" --github "$@" $COMPARE_ARGS || code=$?
}

is_candidate() {
  grep -qx 'candidate=true' "$scratch/output"
}

tell_github() {
  [[ -n ${GITHUB_OUTPUT:-} ]] || return 0
  { cat "$scratch/output" && echo "night=$night"; } >>"$GITHUB_OUTPUT"
}

night() {
  controls=()
  control before
  say "the night: $SCRIPT"
  measure --out "$RESULTS"
  night=$run
  night_code=$code
  if [[ $night_code -eq 3 ]]; then
    say 'no verdict: INVALID twice, this machine is too busy to measure on'
    exit 3
  fi
  control after
  # The longer form is for bash before 4.4, which takes an empty list for an unset variable.
  judge ${controls[@]+"${controls[@]}"}
  tell_github
}

confirm() {
  say 'a candidate: one more run, to confirm or to clear it'
  measure --out "$RESULTS/confirm" $CONFIRM_ARGS
  judge --confirm "$run"
}

[[ -n ${SCRIPT:-} ]] || usage 'SCRIPT is not set'
case ${1:-} in
  '')
    night
    if [[ $code -eq 0 ]] && is_candidate; then confirm; fi
    ;;
  night) night ;;
  confirm)
    [[ -n ${2:-} ]] || usage 'the directory of the night is missing'
    night=$2
    night_code=0
    confirm
    ;;
  *) usage "there is no $1" ;;
esac

# As `headroom` does: failed thresholds before a regression.
[[ $night_code -eq 0 ]] || exit "$night_code"
exit "$code"
