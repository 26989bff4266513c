#!/usr/bin/env bash
# The Debian package: what is in it, what lintian says, and its whole life below a folder of its own:
# installed, started, upgraded over an edited configuration, removed, purged.
#
#   tests/integration/package.sh [release|dev]
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
daemon=
finish() {
    [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
fail() { echo "package: $*"; exit 1; }

deb=$(script/package "${1:-release}")
[ -f "$deb" ] || fail "made no package: $deb"

# --- what is in it
dpkg-deb --fsys-tarfile "$deb" | tar -tv >"$folder/list"
awk '{ print $6 }' "$folder/list" | sed 's/^\.//' >"$folder/paths"
holds() { grep -qxF -- "$1" "$folder/paths" || fail "$1 is not in the package"; }
for path in /usr/bin/surged /usr/bin/surgectl /etc/surged/surged.yaml /etc/surged/rules/site.yaml \
    /etc/surged/rules/roster.yaml /usr/lib/sysusers.d/surged.conf /usr/lib/tmpfiles.d/surged.conf \
    /usr/share/man/man8/surged.8.gz /usr/share/man/man1/surgectl.1.gz \
    /usr/share/doc/surged/{copyright,changelog.gz,changelog.Debian.gz,README.md,reference/install.md} \
    /usr/share/bash-completion/completions/surg{ed,ectl} /usr/share/zsh/vendor-completions/_surg{ed,ectl} \
    /usr/share/fish/vendor_completions.d/surg{ed,ectl}.fish /usr/share/surged/dashboards/prometheus/alerts.yml; do
    holds "$path"
done
for file in systemd/*.service systemd/*.socket; do
    [ ! -e "$file" ] || holds "/lib/systemd/system/$(basename "$file")"
done
for file in rules/plans/*.yaml; do holds "/etc/surged/rules/plans/$(basename "$file")"; done
for file in rules/maps/*.yaml; do
    [ ! -e "$file" ] || holds "/usr/share/surged/maps/$(basename "$file")"
done
for file in dashboards/grafana/{en,zh-CN}/*.json; do
    [ ! -e "$file" ] || holds "/usr/share/surged/$file"
done
! awk '$2 != "root/root"' "$folder/list" | grep . || fail "not root's: above"
! grep -E '^.{8}w' "$folder/list" | grep -v '^l' || fail "anybody may write: above"
! grep -E 'secret$' "$folder/paths" | grep -v '/examples/' || fail "a secret is in the package: above"
dpkg-deb --fsys-tarfile "$deb" | tar -xO ./usr/bin/surged >"$folder/surged"
[ "${1:-release}" = dev ] || ! grep -qaF "$PWD/" "$folder/surged" || fail "the program knows where it was built"
# Everything below /etc keeps the administrator's changes.
grep '^/etc/.*[^/]$' "$folder/paths" | sort >"$folder/etc"
dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./conffiles | sort | diff - "$folder/etc" || fail "conffiles differ from /etc"
depends=$(dpkg-deb --field "$deb" Depends)
for want in libc6 libboost-json libssl3 tzdata systemd; do
    [[ $depends == *$want* ]] || fail "does not depend on $want: $depends"
done
lintian --allow-root --fail-on error --tag-display-limit 0 "$deb" || fail "lintian finds errors"

# --- its life, in a root of its own; its scripts run here and heed DPKG_ROOT
root=$folder/root
mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers,alternatives,parts} "$root"/{etc,tmp}
: >"$root/var/lib/dpkg/status"
package() {
    DEBIAN_FRONTEND=noninteractive dpkg --root="$root" --log=/dev/null --force-not-root \
        --force-script-chrootless --force-depends --force-confdef --force-confold "$@" \
        >"$folder/dpkg" 2>&1 </dev/null || { cat "$folder/dpkg"; fail "dpkg $1 failed"; }
}
state() { dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${db:Status-Abbrev}${Version}' surged 2>/dev/null || true; }
is() { [ "$(state)" = "$1" ] || { cat "$folder/dpkg"; fail "is '$(state)', not '$1'"; }; }
version=$(dpkg-deb --field "$deb" Version)

package --install "$deb"
is "ii $version"
[ -L "$root/etc/systemd/system/multi-user.target.wants/surged.service" ] || fail "not enabled"
grep -q '^surged:' "$root/etc/passwd" || fail "made no user"
for path in etc/surged:750 etc/surged/secrets:700 var/lib/surged:700; do
    [ "$(stat -c %a "$root/${path%:*}")" = "${path#*:}" ] || fail "${path%:*} is $(stat -c %a "$root/${path%:*}")"
done
bin=$root/usr/bin config=$root/etc/surged/surged.yaml
"$bin/surged" --check --config "$config" >"$folder/check" || { cat "$folder/check"; fail "surged --check"; }
"$bin/surgectl" check --config "$config" >"$folder/check" || { cat "$folder/check"; fail "surgectl check"; }

start() {
    : >"$folder/out"
    "$bin/surged" --config "$config" --set http.listen=127.0.0.1:0 --set "store.path=$root/var/lib/surged" \
        >"$folder/out" 2>"$folder/log" &
    daemon=$!
    for _ in $(seq 200); do
        url=$(sed -n 's/^listening //p' "$folder/out")
        [ -z "$url" ] || return 0
        kill -0 "$daemon" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/log"
    fail "does not start"
}
stop() {
    local code=0
    kill -TERM "$daemon"
    wait "$daemon" || code=$?
    daemon=
    [ "$code" -eq 0 ] || { cat "$folder/log"; fail "ended with $code"; }
}
start
"$bin/surgectl" --url "$url" status >"$folder/status" || { cat "$folder/status"; fail "is not well"; }
printf '{"ts":%s,"type":"offered","queue":"sales","call":"c-1"}\n' "$(date +%s)" |
    curl -fsS --data-binary @- "$url/api/v1/events" | grep -q '"accepted":1' || fail "takes no event"
stop

# --- an upgrade: a newer version, whose configuration has changed
dpkg-deb -R "$deb" "$folder/next"
newer=${version%-*}+next-1
sed -i "s/^Version: .*/Version: $newer/" "$folder/next/DEBIAN/control"
for file in surged.yaml rules/site.yaml; do echo '# new with this version' >>"$folder/next/etc/surged/$file"; done
(cd "$folder/next" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | xargs -0 md5sum >DEBIAN/md5sums)
dpkg-deb --root-owner-group -b "$folder/next" "$folder/next.deb" >/dev/null

echo '# mine' >>"$config"
rm "$root/etc/systemd/system/multi-user.target.wants/surged.service"  # systemctl disable
echo '# mine too' >"$root/etc/surged/rules/plans/own.yaml.off"
echo s3cret >"$root/etc/surged/secrets/ami.secret"
package --install "$folder/next.deb"
is "ii $newer"
grep -q '^# mine$' "$config" || fail "the upgrade lost an edited configuration"
[ -e "$config.dpkg-dist" ] || fail "the upgrade does not offer its own configuration"
grep -q 'new with this version' "$root/etc/surged/rules/site.yaml" || fail "the upgrade left an unedited file old"
[ ! -e "$root/etc/systemd/system/multi-user.target.wants/surged.service" ] || fail "the upgrade enabled it again"
start
"$bin/surgectl" --url "$url" queues | grep -q sales || fail "the upgrade lost the journal"
stop

# --- its end
package --remove surged
is "rc $newer"
[ ! -e "$bin/surged" ] && [ -e "$config" ] && [ -e "$root/var/lib/surged/journal.db" ] || fail "removed too much or too little"
package --purge surged
[ "$(cd "$root" && find etc/surged -type f)" = etc/surged/rules/plans/own.yaml.off ] ||
    fail "the purge left in etc/surged: $(cd "$root" && find etc/surged)"
rm "$root/etc/surged/rules/plans/own.yaml.off"
package --install "$deb"
package --purge surged
left=$(cd "$root" && find . -mindepth 1 ! -type d ! -path './var/lib/dpkg/*' ! -path './etc/passwd*' \
    ! -path './etc/group*' ! -path './etc/shadow*' ! -path './etc/gshadow*' ! -name .pwd.lock)
[ -z "$left" ] || fail "the purge left: $left"
[ ! -e "$root/etc/surged" ] && [ ! -e "$root/var/lib/surged" ] || fail "the purge left folders"
[ -z "$(state)" ] || [[ $(state) == un* ]] || fail "still known: $(state)"
echo "package: fine: $(basename "$deb"), $(stat -c %s "$deb") bytes"
