# Sourced by bin/run and bin/test: makes .venv and installs what is missing, and nothing when nothing is.

say() { printf '%s\n' "$*" >&2; }

may_install() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Debian packages by name; without the right to install them, the one line to type, and failure.
install_debian() {
  if ! command -v apt-get >/dev/null || ! may_install; then
    say "Missing system packages. Type this, then start again:"
    say "  sudo apt-get update && sudo apt-get install -y $*"
    return 1
  fi
  say "Installing $* ..."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

has_library() {
  local known
  # Not in everybody's PATH.
  known=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p)
  [[ $known == *"$1"* ]]
}

find_python() {
  for python in python3 python3.13 python3.12 python3.11; do
    if command -v "$python" >/dev/null &&
      "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$python"
      return
    fi
  done
  say "MPS needs Python 3.11 or newer. On Debian 12: sudo apt-get install -y python3 python3-venv"
  return 1
}

install_libraries() {
  local missing=()
  has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
  has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
  # Without it WeasyPrint works, but takes four times as long for an invoice.
  has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
  [ ${#missing[@]} = 0 ] || install_debian "${missing[@]}"
}

# make_venv REQUIREMENTS_FILE: .venv with exactly these packages; at once when they are there already.
make_venv() {
  local python stamp wanted
  python=$(find_python)
  "$python" -c 'import ensurepip' 2>/dev/null || install_debian python3-venv
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  wanted=$(cat requirements.txt "$1" | sha256sum | cut -d' ' -f1)
  stamp=.venv/.installed-$(basename "$1")
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Installing Python packages of $1 ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$1"
    printf '%s' "$wanted" >"$stamp"
  fi
}
