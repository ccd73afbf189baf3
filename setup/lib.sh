# shellcheck shell=bash
# What the commands in setup/ share. Sourced, never run. `ground` makes everything ready: Debian packages, Odoo, the
# Python environment, PostgreSQL, the configuration. Each part looks first and costs nothing when it is there.
#
#   shared by all clones   ${XDG_CACHE_HOME:-~/.cache}/kam-odoo   unpacked Odoo, Python environments, keyed by pins
#   of this checkout       .kam                                   database cluster, data folder, configuration, logs
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kam-odoo
state=$top/.kam
logs=$state/logs
pins=$top/setup/pins.txt
# shellcheck disable=SC2034  # used by the commands
addons=(kam_management kam_scoring kam_reports)

say() { printf '%s\n' "$*" >&2; }
# fail WHAT [LINE…]: what went wrong and what to do about it.
fail() { say "$(basename "$0"): $1"; shift; [[ $# == 0 ]] || printf '  %s\n' "$@" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
hash_of() { sha256sum | cut -c1-12; }
is_root() { [[ $(id -u) == 0 ]]; }

# section NAME: the lines of one section of the pins.
section() { awk -v s="[$1]" '/^\[/ {on = $0 == s; next} on && NF && !/^#/' "$pins"; }

# step TITLE HINT COMMAND…: runs it with the output in a log, shows that it lives, and on failure prints the end of
# the log and the hint. Odoo's "Loading module x (n/m)" is shown as progress.
step() {
  local title=$1 hint=$2 begin=$SECONDS shown=0 log pid progress
  shift 2
  log=$logs/$(tr -c 'a-zA-Z0-9\n' - <<<"$title").log
  mkdir -p "$logs"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  # A child in the background ignores Ctrl-C.
  trap 'kill "$pid" 2>/dev/null; wait "$pid"; exit 130' INT TERM
  [[ -t 2 ]] || say "$title …"
  while sleep 0.2; kill -0 "$pid" 2>/dev/null; do
    ((SECONDS - begin >= shown + $([[ -t 2 ]] && echo 1 || echo 15))) || continue
    shown=$((SECONDS - begin))
    progress=$(grep -ao 'Loading module [^ ]* ([0-9]*/[0-9]*)' "$log" | tail -1) || true
    if [[ -t 2 ]]; then printf '\r\033[K%s … %s s %s' "$title" "$shown" "$progress" >&2
    else say "  $shown s $progress"; fi
  done
  trap - INT TERM
  if wait "$pid"; then
    [[ -t 2 ]] && printf '\r\033[K' >&2
    say "$title: done in $((SECONDS - begin)) s"
    return
  fi
  [[ -t 2 ]] && echo >&2
  # The reason may stand far above the end: a failed demo file is only a warning to Odoo, and what follows from it fails.
  { grep -aE '^[A-Za-z_.]+(Error|Exception|Violation): ' "$log" | head -n 2 || true; echo '[…]'; tail -n 12 "$log"; } | cut -c 1-300 | sed 's/^/  | /' >&2
  if grep -qi 'no space left on device' "$log"; then hint='The disk is full: free 3 GB and try again.'; fi
  fail "\"$title\" failed." "$hint" "The whole log: $log"
}

as_root() {
  if is_root; then "$@"
  elif have sudo; then sudo "$@"
  else fail "Not root, and there is no sudo. As root, run:  $*" "Then start this command again."
  fi
}

# Chinese names need letters, in the browser here or in the tests' one.
# Without the rights to install it they are done without.
fonts() {
  is_root || have sudo || return 0
  compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || [[ $(fc-list :lang=zh 2>/dev/null) ]] || echo fonts-noto-cjk
}

# packages NAME…: installs Debian packages.
packages() {
  have apt-get || fail "Missing: $*. There is no apt-get here: install them by hand (package names of Debian)."
  if ! is_root; then
    have sudo || fail "Debian packages are missing, and this is neither root nor is there a sudo." \
      "As root, run:  apt-get install $*" "Then start this command again."
    sudo -v || fail "No rights to install Debian packages. As root, run:  apt-get install $*"
  fi
  step "installing $*" "No network, or no Debian mirror in reach? 'apt-get update' has to work." install_packages "$@"
}
install_packages() {
  local go=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300)
  # Lists may be missing or old: only then fetch them.
  "${go[@]}" install --no-install-recommends "$@" || { "${go[@]}" update && "${go[@]}" install --no-install-recommends "$@"; }
}

# room FOLDER MB: fails early rather than in the middle of unpacking.
room() {
  local free
  mkdir -p "$1" 2>/dev/null || fail "Cannot write to $1." "Make it writable, or set XDG_CACHE_HOME to a folder that is."
  free=$(df -Pm "$1" | awk 'NR == 2 {print $4}')
  ((free >= $2)) || fail "Only $free MB free in $1, $2 MB are needed. Free some space and try again."
}

# ---------------------------------------------------------------- Python

find_python() {
  local candidate
  for candidate in ${KAM_PYTHON:-python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3}; do
    "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' \
      2>/dev/null && python=$candidate && return
  done
  return 1
}

choose_python() {
  find_python || fail "Odoo 19 needs Python 3.10 to 3.13 with the module venv; here is $(
    ${KAM_PYTHON:-python3} --version 2>&1 | head -n 1)." "Install one of these versions, or set KAM_PYTHON to its path."
}

# make_venv FOLDER SECTION…: an environment with the pins of these sections.
make_venv() {
  local venv=$1
  shift
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  "$python" -m venv "$venv"
  for part in "$@"; do section "$part"; done >"$venv/requirements.txt"
  "$venv/bin/python" -m pip install --disable-pip-version-check -q --prefer-binary -r "$venv/requirements.txt"
}

# venv NAME SECTION…: path of the environment in $REPLY, made where missing.
venv() {
  local name=$1 key
  shift
  key=$( ("$python" -V; "$python" -c 'import sys; print(sys.prefix)'; for part in "$@"; do section "$part"; done
          if [[ $name == odoo ]]; then echo "$odoo_path"; fi) | hash_of)
  REPLY=$cache/$name-$key
  [[ -e $REPLY/done ]] && return
  room "$cache" 1500
  (
    flock 9
    [[ -e $REPLY/done ]] && exit
    step "Python packages ($name)" "No network, or no Python package index in reach? 'pip download wheel' has to work." \
      make_venv "$REPLY" "$@"
    [[ $name != odoo ]] || echo "$odoo_path" >"$("$REPLY/bin/python" -c 'import site; print(site.getsitepackages()[0])')/odoo.pth"
    touch "$REPLY/done"
  ) 9>"$cache/$name.lock"
}

# ---------------------------------------------------------------- Odoo

# The folder that goes on Python's path: the one which holds the package "odoo".
find_odoo() {
  local home=${ODOO_HOME:-}
  [[ -n $home ]] || home=$cache/odoo-$(section debian | hash_of)
  for odoo_path in "$home" "$home/usr/lib/python3/dist-packages"; do
    [[ -e $odoo_path/odoo/release.py ]] && return
  done
  [[ -z ${ODOO_HOME:-} ]] || fail "ODOO_HOME=$ODOO_HOME holds no Odoo (no odoo/release.py)."
  room "$cache" 2500
  (
    flock 9
    [[ -e $home ]] && exit
    if have apt-get; then
      step "Odoo 19 from Debian" "No network, or no Debian mirror in reach? Or set ODOO_HOME to an Odoo 19 tree." unpack_odoo "$home"
    else
      have git || fail "There is neither apt-get nor git: set ODOO_HOME to an Odoo 19 tree."
      step "Odoo 19 from git" "No network? Or set ODOO_HOME to an Odoo 19 tree." clone_odoo "$home"
    fi
  ) 9>"$cache/odoo.lock"
  find_odoo
}

clone_odoo() {
  rm -rf "$1.part"
  git clone --depth 1 --branch 19.0 https://github.com/odoo/odoo.git "$1.part"
  mv "$1.part" "$1"
}

# Debian's odoo-19 is only in sid. It is fetched with a private state of apt, from the mirror that this machine uses
# for itself, and unpacked: the machine's own packages stay as they are. apt checks the signatures.
unpack_odoo() {
  local home=$1 part=$1.part own mirror suite package version deb
  rm -rf "$part"
  mkdir -p "$part"/apt/{lists,archives}/partial "$part/apt/sources" "$part/tree"
  own=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
  # shellcheck disable=SC2016  # the dollars are apt's
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' |
    awk -v own="$own" '$2 == own {print $1; exit}')
  [[ -n $mirror ]] || { echo "apt knows no mirror for $own"; return 1; }
  printf '%s\n' 'Types: deb' "URIs: $mirror" "Suites: sid $own" 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$part/apt/sources/sid.sources"
  local apt=(apt-get -q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$part/apt/sources"
    -o "Dir::State::Lists=$part/apt/lists" -o "Dir::Cache=$part/apt" -o Acquire::Languages=none
    -o APT::Sandbox::User=root -o Acquire::Retries=3)
  # A mirror may lag behind (its list of sid then counts as expired); what it signed is still what is wanted.
  "${apt[@]}" -o APT::Update::Error-Mode=any -o Acquire::Check-Valid-Until=false update
  cd "$part/apt"
  while read -r suite package version; do
    [[ $suite == own ]] && suite=$own
    # sid moves on: a version that is gone there must not stop a newcomer.
    { [[ -n $version ]] && "${apt[@]}" download "$package=$version"; } || "${apt[@]}" download "$package/$suite"
  done < <(section debian)
  for deb in *.deb; do dpkg-deb -x "$deb" "$part/tree"; done
  # Debian strips this file, whose absence is an error on every page of the back end; it only blurs video backgrounds.
  deb=$part/tree/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js
  mkdir -p "$(dirname "$deb")"
  [[ -s $deb ]] || : >"$deb"
  mv "$part/tree" "$home"
  rm -rf "$part"
}

# ---------------------------------------------------------------- PostgreSQL

as_postgres() { if is_root; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
newest_postgres() { find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname; }

# A private cluster, on a Unix socket only. With PGHOST or PGDATABASE set, that server is used as it is.
start_postgres() {
  if [[ -n ${PGHOST:-}${PGDATABASE:-} ]]; then return; fi
  local bin folder
  bin=$(newest_postgres)
  [[ $bin ]] || fail "There is no PostgreSQL server here: install one (13 or later), or set PGHOST."
  PATH=$bin:$PATH
  folder=$state
  # PostgreSQL refuses to run as root: the user postgres does it, and has to reach the folder.
  if is_root && ! as_postgres test -x "$state"; then folder=/var/lib/postgresql/kam-$(hash_of <<<"$top"); fi
  folder=$folder/postgres-$(basename "$(dirname "$bin")")
  PGHOST=$folder
  # The path of a socket may have 107 characters.
  ((${#folder} < 85)) || PGHOST=/tmp/kam-$(hash_of <<<"$folder")
  export PGHOST PGPORT=5432 PGUSER=odoo
  pg_isready -q && return
  (
    flock 9
    pg_isready -q && exit
    [[ $folder == "$state"/* ]] || say "The database cluster is in $folder (user postgres cannot reach $state)."
    step "PostgreSQL" "If it was stopped hard: remove $folder and try again (the databases are built anew)." \
      start_cluster "$bin" "$folder"
  ) 9>"$state/postgres.lock"
}

start_cluster() {
  local bin=$1 folder=$2
  for dir in "$folder" "$PGHOST"; do
    mkdir -p "$dir" && chmod 700 "$dir"
    if is_root; then chown postgres: "$dir"; fi
  done
  if [[ ! -e $folder/data/ready ]]; then
    rm -rf "$folder/data"
    as_postgres "$bin/initdb" -D "$folder/data" -A trust -U odoo -E UTF8 --locale=C.UTF-8 --no-sync
    # Everything here can be built again: speed before safety.
    cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
shared_buffers = 512MB
work_mem = 64MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
max_connections = 100
CONF
    touch "$folder/data/ready"
  fi
  # 9 is the lock: the server must not hold it.
  as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 120 \
    -o "-k '$PGHOST' -p $PGPORT" start 9>&- || { tail -n 5 "$folder/log"; return 1; }
}

# ---------------------------------------------------------------- together

write_config() {
  local wanted
  wanted="[options]
addons_path = $top
data_dir = $state/data
http_interface = 127.0.0.1
limit_time_real = 3600
limit_time_cpu = 3600
$([[ -z ${PGHOST:-} ]] || echo "db_host = $PGHOST")
$([[ -z ${PGPORT:-} ]] || echo "db_port = $PGPORT")
$([[ -z ${PGUSER:-} ]] || echo "db_user = $PGUSER")"
  export ODOO_RC=$state/odoo.conf
  [[ -e $ODOO_RC && $(<"$ODOO_RC") == "$wanted" ]] && return
  printf '%s\n' "$wanted" >"$ODOO_RC.$$"
  mv "$ODOO_RC.$$" "$ODOO_RC"
}

# ground PACKAGE…: all of it; the packages are what a command needs besides.
ground() {
  { mkdir -p "$state" "$logs" 2>/dev/null && [[ -w $logs ]]; } || fail "Cannot write to $top." "Make the checkout writable for $(id -un)."
  # PostgreSQL as another user has to pass through.
  if is_root; then chmod a+x "$state"; fi
  local missing=("$@")
  if have apt-get; then
    [[ ${KAM_PYTHON:-} ]] || find_python || missing+=(python3 python3-venv ca-certificates)
    if [[ ${PGHOST:-}${PGDATABASE:-} ]]; then have psql || missing+=(postgresql-client)
    else [[ $(newest_postgres) ]] || missing+=(postgresql); fi
  fi
  ((${#missing[@]} == 0)) || packages "${missing[@]}"
  choose_python
  find_odoo
  venv odoo odoo test
  odoo_venv=$REPLY
  start_postgres
  write_config
}

# odoo ARGS…: Odoo's command line. check COMMAND…: what setup/check.py finds out.
odoo() { "$odoo_venv/bin/python" -m odoo "$@"; }
check() { "$odoo_venv/bin/python" "$top/setup/check.py" "$@"; }

# A database says in its comment what it was built from; the comment is set last, so that half a build has none.
comment_of() {
  psql -X -q -A -t -d postgres -c "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$1'"
}
set_comment() { psql -X -q -d postgres -c "COMMENT ON DATABASE \"$1\" IS '$2'"; }
drop() {
  dropdb --if-exists --force "$1"
  rm -rf "$state/data/filestore/$1"
}
