#!/usr/bin/env bash
# Runs the tests of the kernel on an emulated processor with AVX-512, for machines that have none: Bochs starts Linux, whose
# only program are the tests. What is right it tells, what is fast it does not. Minutes for the tests that it runs unless
# told otherwise; `kernel::every_path`, 2 s on a real processor, did not end within ten. Needs Debian's packages of `needed`
# below, and fetches the kernel of Debian's virtual machines.
#
#   scripts/avx512.sh [parts of the names of tests …]
set -euo pipefail
cd "$(dirname "$0")/.."

needed="bochs bochs-term bochsbios vgabios isolinux syslinux-common genisoimage busybox-static cpio"
dpkg -s $needed >/dev/null 2>&1 || { echo "needs packages: apt-get install $needed"; exit 1; }

tests=$(cargo test --locked -p dam-memory --test tests --no-run --message-format=json |
    python3 -c 'import json, sys; print(*filter(None, (json.loads(line).get("executable") for line in sys.stdin)), sep="\n")' |
    tail -n 1)
work=$(mktemp -d)
# Bochs does not end by itself, nor by a milder signal
trap 'pkill -9 -f "$work/machine" || true; rm -rf "$work"' EXIT
mkdir -p "$work"/{kernel,disc,root/{bin,proc,tmp,lib64}}

package=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" { print $2; exit }')
(cd "$work" && apt-get -qq download "$package" 2>/dev/null && dpkg-deb -x ./*.deb kernel)
cp "$work"/kernel/boot/vmlinuz-* "$work/disc/vmlinuz"
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$work/disc/"
# Bochs gives the size of compacted states wrongly, at which Linux would leave out AVX: it must not compact them.
cat > "$work/disc/isolinux.cfg" <<'END'
default tests
prompt 0
label tests
kernel vmlinuz
append initrd=root.gz console=ttyS0 quiet tsc=reliable lpj=1000000 nokaslr mitigations=off clearcpuid=xsavec,xsaves
END

strip -o "$work/root/bin/tests" "$tests"
cp "$(command -v busybox)" "$work/root/bin/busybox"
ldd "$tests" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$work/root$(dirname "$library")"
    cp -L "$library" "$work/root$library"
done
[ $# -gt 0 ] || set -- kernel::a_state kernel::equal kernel::instruction kernel::patterns_from
echo "$@" > "$work/root/names"
cat > "$work/root/init" <<'END'
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox grep -q avx512f /proc/cpuinfo || echo "no AVX-512"
cd /tmp
/bin/tests $(/bin/busybox cat /names) --test-threads 1
echo "tests ended with $?"
# the serial line needs time to say so
/bin/busybox sleep 60
END
chmod +x "$work/root/init"
(cd "$work/root" && find . | cpio --quiet -o -H newc | gzip -1 > "$work/disc/root.gz")
genisoimage -quiet -o "$work/disc.iso" -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table "$work/disc"

cat > "$work/machine" <<END
plugin_ctrl: serial=1, speaker=0, sb16=0, es1370=0, e1000=0, ne2k=0
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
display_library: term
megs: 1024
cpu: model=corei7_skylake_x, ips=100000000, ignore_bad_msrs=1
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path=$work/disc.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/told
log: $work/log
panic: action=fatal
error: action=ignore
END
# Debian's Bochs starts in its debugger and draws on a terminal
echo c > "$work/continue"
touch "$work/told"
TERM=xterm script -qfc "stty rows 30 cols 90; bochs -q -f $work/machine -rc $work/continue" /dev/null </dev/null >/dev/null 2>&1 &
bochs=$!
disown $bochs
{ tail -f "$work/told" --pid=$bochs || true; } | sed '/^tests ended with/q'
grep -q '^running 0 tests' "$work/told" && { echo "no test has such a name"; exit 1; }
! grep -q "no AVX-512" "$work/told" && grep -q '^tests ended with 0' "$work/told"
