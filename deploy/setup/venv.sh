#!/usr/bin/env bash
# Makes .venv and installs the pinned, hashed packages of requirements/<list>.txt into it; semgrep, whose pins others
# do not share, gets .venv-semgrep of its own.
# Usage: deploy/setup/venv.sh runtime|dev|semgrep
# Does nothing when the list is installed already, so that every make target may call it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

list=${1:?usage: deploy/setup/venv.sh runtime|dev|semgrep}
folder=.venv
[ "$list" != semgrep ] || folder=.venv-semgrep
lock="requirements/$list.txt"
[ -f "$lock" ] || { echo "there is no $lock" >&2; exit 2; }

say() { printf '%s\n' "$*" >&2; }

# A Python of 3.11 or newer that can make environments: the one named in PYTHON, else the first that is found. The
# system's own comes first: distributions build it with profile-guided optimisation, version managers mostly do not,
# and without it the same work takes half as long again (docs/operations/performance.md).
find_python() {
    local candidate
    for candidate in ${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if "$candidate" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "Meridian needs Python 3.11 or newer that can make environments (on Debian and Ubuntu: apt-get install
python3-venv); none was found. Install one, or name it: make setup PYTHON=/path/to/python"
    exit 1
}

works() {
    "$folder/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_environment() {
    local python
    python=$(find_python)
    rm -rf "$folder"
    say "making $folder with $("$python" --version) ($python)"
    if ! "$python" -m venv "$folder" >&2; then
        rm -rf "$folder"
        say "$python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv"
        exit 1
    fi
}

# The stamp is a copy of the list: a changed lock or a new environment installs again. The development list
# contains the runtime list, so an environment for it serves both.
installed() { cmp -s "requirements/$1.txt" "$folder/.installed-$1"; }

# `.venv/bin/meridian` is the command line of this tree, from any folder.
write_command() {
    printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -m meridian "$@"\n' "$PWD" "$PWD" >.venv/bin/meridian
    chmod +x .venv/bin/meridian
}

works || make_environment
[ "$folder" != .venv ] || [ -x .venv/bin/meridian ] || write_command
installed "$list" || installed dev && exit 0

say "installing $(grep -c '^[A-Za-z]' "$lock") pinned packages from $lock (once)"
rm -f "$folder"/.installed-*
PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 \
    "$folder/bin/python" -m pip install -qq --require-hashes --requirement "$lock"
cp "$lock" "$folder/.installed-$list"
