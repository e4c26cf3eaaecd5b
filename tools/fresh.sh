#!/bin/bash
# Proves that a fresh machine can do it: `make demo` and `make test` in a Debian 12 that holds git, make and
# python3-venv, and nothing else. Needs root and debootstrap; takes what is committed in this checkout.
#
# Registries are reached as this machine reaches them: the mirror and proxy from apt's configuration, pip's
# configuration files and PIP_* variables (folders they name are mounted, read-only), this machine's certificates.
#
#   FRESH_MIRROR  a Debian mirror to use instead       FRESH_STEPS  the make targets, "demo dev sa20 test" if not said
#   FRESH_KEEP    if set, the folder is kept           FRESH_FOLDER where the folder is made, /var/tmp if not said
set -euo pipefail

SUITE=bookworm
STEPS=${FRESH_STEPS:-demo dev sa20 test}
declare -A LIMIT=([demo]=90 [test]=480) # seconds; the demo's include its own set-up
CERTIFICATES=/etc/ssl/certs/ca-certificates.crt
CHECKOUT=$(cd "$(dirname "$0")/.." && pwd)

say() { printf 'fresh: %s\n' "$*" >&2; }
stop() {
    say "$*"
    exit 1
}

# The mirror of $SUITE that apt uses here, or Debian's own.
mirror() {
    local found
    found=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT) $(RELEASE)' 'Created-By: Packages' 2>/dev/null |
        awk -v suite="$SUITE" '$3 == "main" && $4 == suite { print $1; exit }') || true
    printf '%s\n' "${FRESH_MIRROR:-${found:-http://deb.debian.org/debian}}"
}

# pip's configuration files here, each with its place in the new machine.
pip_files() {
    local file place home=/home/newcomer
    while IFS='|' read -r file place; do
        if [ -n "$file" ] && [ -f "$file" ]; then printf '%s|%s\n' "$file" "$place"; fi
    done <<END
/etc/pip.conf|/etc/pip.conf
$HOME/.pip/pip.conf|$home/.pip/pip.conf
${XDG_CONFIG_HOME:-$HOME/.config}/pip/pip.conf|$home/.config/pip/pip.conf
${PIP_CONFIG_FILE:-}|$home/pip.conf
END
}

# Existing folders that pip's configuration names: local indexes and wheels.
pip_folders() {
    { env | grep '^PIP_' || true; pip_files | while IFS='|' read -r file _; do cat "$file"; echo; done; } |
        grep -oE '(^|[[:blank:]=,]|file://)/[^[:blank:],]+' | sed -E 's#^(file://|[[:blank:]=,])##; s#/simple/?$##' | sort -u |
        while read -r folder; do
            if [ -d "$folder" ]; then printf '%s\n' "$folder"; fi
        done
}

need_root_and_debootstrap() {
    [ "$(id -u)" = 0 ] || stop "a chroot needs root: sudo make fresh"
    command -v debootstrap >/dev/null && return
    command -v apt-get >/dev/null || stop "debootstrap is missing: install it from your distribution's packages"
    say "installing debootstrap"
    { apt-get update -qq && apt-get install -y -qq debootstrap debian-archive-keyring; } >/dev/null ||
        stop "debootstrap is missing and apt-get couldn't install it: apt-get install debootstrap"
}

build() {
    local root=$1 proxy
    eval "$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null || true)"
    if [ -n "${proxy:-}" ]; then export http_proxy=$proxy; fi
    say "Debian $SUITE with git, make and python3-venv from $(mirror)"
    debootstrap --variant=minbase --include=git,make,python3-venv "$SUITE" "$root" "$(mirror)" >"$root.log" 2>&1 ||
        { tail -n 20 "$root.log" >&2; stop "debootstrap failed; is the mirror reachable? FRESH_MIRROR=URL names another"; }
    rm -f "$root.log"
    chroot "$root" useradd --create-home newcomer
}

# What the new machine must know to reach the registries as this one does.
connect() {
    local root=$1 file place certificates=${PIP_CERT:-${SSL_CERT_FILE:-$CERTIFICATES}}
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
    if [ -f "$certificates" ]; then cp -L "$certificates" "$root$CERTIFICATES"; fi
    pip_files | while IFS='|' read -r file place; do install -D -m 644 "$file" "$root$place"; done
}

# Runs in a mount namespace of its own, so that no mount outlives it, however it ends.
inside() {
    local root=$1 folder step began took variable passed=()
    mount --make-rprivate / 2>/dev/null || true
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" 2>/dev/null || true
    pip_folders | while read -r folder; do
        mkdir -p "$root$folder"
        mount --bind "$folder" "$root$folder"
        mount -o remount,bind,ro "$root$folder" 2>/dev/null || true
    done
    while IFS= read -r variable; do
        case ${variable%%=*} in
            PIP_CERT) ;;
            PIP_CONFIG_FILE) passed+=(PIP_CONFIG_FILE=/home/newcomer/pip.conf) ;;
            PIP_* | http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY) passed+=("$variable") ;;
        esac
    done < <(env)
    for variable in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE; do passed+=("$variable=$CERTIFICATES"); done

    newcomer() {
        chroot --userspec=newcomer:newcomer "$root" /usr/bin/env -i HOME=/home/newcomer USER=newcomer LANG=C.UTF-8 \
            PATH=/usr/local/bin:/usr/bin:/bin DEMO_SERVE=0 "${passed[@]}" /bin/sh -c "cd && $1"
    }
    newcomer 'git -c advice.detachedHead=false clone --quiet outgrow.bundle outgrow'
    for step in $STEPS; do
        say "make $step"
        began=$(date +%s)
        newcomer "cd outgrow && make $step" || stop "make $step failed"
        took=$(($(date +%s) - began))
        say "make $step took $took s${LIMIT[$step]:+, at most ${LIMIT[$step]}}"
        if [ "$took" -gt "${LIMIT[$step]:-3600}" ]; then stop "make $step took too long"; fi
    done
}

main() {
    need_root_and_debootstrap
    local folder
    folder=$(mktemp -d "${FRESH_FOLDER:-/var/tmp}/outgrow-fresh.XXXXXX")
    # shellcheck disable=SC2064  # the folder is known now
    if [ -z "${FRESH_KEEP:-}" ]; then trap "rm -rf --one-file-system '$folder'" EXIT; fi
    trap 'exit 130' INT TERM
    chmod 755 "$folder"
    build "$folder/root"
    connect "$folder/root"
    if [ -n "$(git -C "$CHECKOUT" status --porcelain)" ]; then say "what isn't committed isn't tried"; fi
    git -C "$CHECKOUT" bundle create --quiet "$folder/root/home/newcomer/outgrow.bundle" HEAD
    chroot "$folder/root" chown -R newcomer:newcomer /home/newcomer
    unshare --mount "$CHECKOUT/tools/fresh.sh" --inside "$folder/root"
    say "good: $STEPS"
}

case ${1:-} in
    --inside) inside "$2" ;;
    "") main ;;
    *)
        echo "usage: tools/fresh.sh" >&2
        exit 2
        ;;
esac
