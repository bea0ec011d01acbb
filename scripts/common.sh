# What scripts/start, scripts/test and scripts/bench share. Sourced, not run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*"; }
step() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi; }
die() { printf 'Stopped: %s\n' "$*" >&2; exit 1; }

# Installs what scripts/packages.txt names and this machine has not.
install_packages() {
    local wanted missing=()
    mapfile -t wanted < <(grep -hvE '^(#|$)' "$@")
    for package in "${wanted[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "packages are missing and there is no sudo: as root, run  apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get -q update >/dev/null || die "apt-get update failed: is there a network?"
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get -q install -y --no-install-recommends "${missing[@]}" \
        >/tmp/vereda-apt.$$ 2>&1 || { tail -20 /tmp/vereda-apt.$$ >&2; die "apt-get could not install them"; }
    rm -f /tmp/vereda-apt.$$
}

# build PRESET [TARGET…]
build() {
    local preset=$1; shift
    cmake --preset "$preset" >"build/configure-$preset.log" 2>&1 \
        || { tail -30 "build/configure-$preset.log" >&2; die "CMake could not configure the $preset build"; }
    cmake --build --preset "$preset" ${1:+--target "$@"}
}
mkdir -p build
