# Install the packages of one section of the list, as in: install.sh "profile desktop"
set -eu
export DEBIAN_FRONTEND=noninteractive
packages=$(awk -v section="# $1" '/^# / { wanted = ($0 == section) } wanted && /^[a-z]/ { print $1 }' /opt/deskbay-image/system.txt)
[ -n "$packages" ] || { echo "There is no section \"$1\" in the list of packages." >&2; exit 1; }
cat >/etc/dpkg/dpkg.cfg.d/deskbay <<'OPTIONS'
# A build that is broken off begins anew: nothing has to reach the disk at once.
force-unsafe-io
# What nobody looks at: 60,000 files.
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
path-exclude=/usr/share/icons/ePapirus*
path-exclude=/usr/share/icons/Papirus-*
path-exclude=/usr/share/icons/Papirus/22x22/*
path-exclude=/usr/share/icons/Papirus/64x64/*
OPTIONS
apt-get update -q
# Agents believe a server that is not on a socket when these authorities do.
apt-get install -q --yes --no-install-recommends ca-certificates $packages
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
