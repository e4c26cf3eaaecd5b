#!/bin/sh
# Unpacks Debian packages, with all they need that this machine lacks, into a folder. Nothing is installed, and
# nobody need be root. Of what they need, what is installed here already is left out.
#
#   tools/unpack_debs.sh FOLDER PACKAGE...
set -eu
if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    echo "There is no apt-get here, so Debian's packages can't be unpacked." >&2
    exit 1
fi
wanted=$1 folder=$1.part.$$
shift
rm -rf "$folder"
mkdir -p "$folder/apt/archives/partial" "$folder/apt/lists/partial"
folder=$(cd "$folder" && pwd)

# Caches of our own, so that neither rights nor locks of the machine's are needed.
apt() {
    apt-get -qq -o Dir::Cache="$folder/apt" -o Debug::NoLocking=true -o APT::Sandbox::User="$(id -un)" "$@"
}

if ! apt install --yes --download-only --reinstall --no-install-recommends "$@" 2>/dev/null; then
    # The machine's lists of packages are missing, or old.
    lists="Dir::State::lists=$folder/apt/lists"
    apt -o "$lists" update
    apt -o "$lists" install --yes --download-only --reinstall --no-install-recommends "$@"
fi
for package in "$folder"/apt/archives/*.deb; do
    dpkg -x "$package" "$folder"
done
rm -r "$folder/apt"
# Two may come at once: the second finds the work done.
mv -T "$folder" "$wanted" 2>/dev/null || rm -rf "$folder"
