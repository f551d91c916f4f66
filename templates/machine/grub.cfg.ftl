# Nothing rewrites this file: /vmlinuz and /initrd.img lead to the newest kernel, and with .old to the
# one before. Kernel packages keep these links (linux-update-symlinks of linux-base).

set timeout=1

[#if architecture == "arm64"]
# The firmware speaks on a port by itself; the kernel takes no notice of one that is not there.
set console="console=tty0 console=ttyAMA0,115200n8"
[#else]
# A console on the serial port only where there is one: without, the kernel would wait for it.
if serial --unit=0 --speed=115200; then
  terminal_input --append serial
  terminal_output --append serial
  set console="console=tty0 console=ttyS0,115200n8"
else
  set console="console=tty0"
fi
[/#if]

search --no-floppy --fs-uuid --set=root [=machine.rootFileSystem]

# A kernel is installed before its initramfs is made; until then the one before is started. -s, since
# -f is true for a link that leads nowhere.
if [ -s /vmlinuz -a -s /initrd.img ]; then
  set latest=""
else
  set latest=".old"
fi
export console latest

menuentry "Debian GNU/Linux" {
  linux /vmlinuz$latest root=UUID=[=machine.rootFileSystem] [=machine.commandLine] $console
  initrd /initrd.img$latest
}

menuentry "Debian GNU/Linux, the kernel before" {
  linux /vmlinuz.old root=UUID=[=machine.rootFileSystem] [=machine.commandLine] $console
  initrd /initrd.img.old
}
