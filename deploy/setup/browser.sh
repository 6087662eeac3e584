#!/usr/bin/env bash
# Sees to it that the gate has a browser for the console's tests, with characters for Chinese.
# A developer's machine is left alone: there those tests are skipped when no browser is found.
set -euo pipefail

[ -x "${CHROMIUM:-/usr/bin/chromium}" ] && exit 0
[ "${CI:-}" = true ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    printf 'no chromium, and no way to install one here: name a browser in CHROMIUM\n' >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2
apt-get install -qq --yes --no-install-recommends chromium fonts-noto-cjk >&2
