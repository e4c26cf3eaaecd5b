#!/bin/sh
# Unpacks Debian's PHP into .cache/php, without installing it; where that can't be done, the tests that need
# a real PHP are skipped.
set -eu
cd "$(dirname "$0")/../.."
there=.cache/php
if [ -x "$there/usr/bin/php8.2" ]; then
    exit
fi
mkdir -p "$there"
cd "$there"
apt-get download -qq php8.2-cli || { [ "$(id -u)" = 0 ] && apt-get update -qq && apt-get download -qq php8.2-cli; }
dpkg -x php8.2-cli_*.deb .
rm php8.2-cli_*.deb
if ! usr/bin/php8.2 -n -r 'echo "PHP ", PHP_VERSION, "\n";'; then
    rm -r usr  # a library that it needs isn't here
    exit 1
fi
