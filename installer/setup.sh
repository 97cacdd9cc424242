# shellcheck shell=sh
# The set-up that run.sh and test.sh share; they set $root and source this file.
# All it says goes to standard error: standard output belongs to the program that runs afterwards.

venv=${TILLKEEPER_VENV:-$root/.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac

# What the wheel's QtWidgets, QtNetwork and xcb plugin link to, a font with Chinese, and USB for printers.
run_packages='fonts-noto-cjk libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libgssapi-krb5-2
    libusb-1.0-0 libx11-xcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
    libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0'

say() {
    printf 'tillkeeper: %s\n' "$*" >&2
}

# setup KIND PACKAGE…: makes the environment for KIND (run or test); on Debian-likes it installs the
# program's system packages and those named. Without them it goes on, because the checks need none.
setup() {
    kind=$1
    shift
    # shellcheck disable=SC2086 # a list
    set -- $run_packages "$@"
    if is_fresh; then
        [ -e "$venv/tillkeeper-$kind.packages" ] || check_packages "$@" || true
        return 0
    fi
    find_python || { install_packages python3 python3-venv && find_python; } || no_python
    "$python" -I -c 'import ensurepip' 2>/dev/null || set -- "$@" "python$version-venv"
    install_packages "$@" || true
    "$python" -I "$root/installer/environment.py" "$kind" "$venv" || exit 1
    check_packages "$@" || true
}

# No Python is started to find that nothing is to be done. A link to a Python that is gone is not -x.
is_fresh() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/tillkeeper-$kind.stamp" ] &&
        { printf '%s\n' "$root" && cat "$root/installer/$(lock_name)"; } | cmp -s - "$venv/tillkeeper-$kind.stamp"
}

lock_name() {
    case $kind in run) echo requirements.txt ;; *) echo "requirements-$kind.txt" ;; esac
}

# Sets $python to the real path of the first fitting interpreter, so that the environment breaks
# visibly, and is built anew, when the system replaces it by another version.
find_python() {
    found=
    for name in python3 python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null 2>&1 || continue
        answer=$("$name" -I -c 'import os, platform, sys
print(platform.python_implementation(), "%d.%d" % sys.version_info[:2], os.path.realpath(sys.executable))' 2>/dev/null) ||
            continue
        case $answer in
            'CPython 3.11 '* | 'CPython 3.12 '* | 'CPython 3.13 '*)
                version=${answer#CPython }
                python=${version#* }
                version=${version%% *}
                return 0
                ;;
        esac
        found="$found, $name is ${answer%% /*}"
    done
    return 1
}

no_python() {
    found=${found:-none}
    say "Python 3.11, 3.12 or 3.13 is needed; found: ${found#, }." \
        "Install one of them (Debian, Ubuntu: apt-get install python3 python3-venv), then start again."
    exit 1
}

# Prints those of the given packages that are neither installed nor provided by an installed one.
missing_of() {
    # shellcheck disable=SC2016 # the variables are dpkg-query's and awk's
    dpkg-query --show --showformat='${db:Status-Abbrev}, ${Package}, ${Provides}\n' | awk -v wanted="$*" '
        /^ii/ {
            gsub(/ \([^)]*\)/, "")
            count = split($0, names, /, */)
            for (i = 2; i <= count; i++) have[names[i]] = 1
        }
        END {
            count = split(wanted, names, " ")
            for (i = 1; i <= count; i++) if (!(names[i] in have)) printf "%s ", names[i]
        }'
}

check_packages() {
    if command -v dpkg-query >/dev/null 2>&1; then
        missing=$(missing_of "$@")
        if [ -n "$missing" ]; then
            say "system packages are missing: the window may not open, USB printers may not be seen." \
                "Mend: sudo apt-get install --no-install-recommends $missing"
            return 1
        fi
    else
        say "not a Debian-like system: the window needs EGL, GL, xkbcommon-x11, xcb-cursor, D-Bus" \
            "and a Chinese font, USB printers need libusb 1.0."
    fi
    : >"$venv/tillkeeper-$kind.packages"
}

install_packages() {
    command -v apt-get >/dev/null 2>&1 || return 1
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        return 1
    fi
    say "installing system packages: $missing"
    apt_get install || { apt_get update && apt_get install; }
}

apt_get() {
    [ "$1" = update ] || set -- "$1" --no-install-recommends "$missing"
    # shellcheck disable=SC2086,SC2048 # sudo's and the packages' words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet --quiet \
        -o DPkg::Lock::Timeout=120 -o Acquire::http::Timeout=20 -o Acquire::Retries=1 $* </dev/null >&2
}
