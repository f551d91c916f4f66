# <file system> <mount point> <type> <options> <dump> <pass>
UUID=[=machine.rootFileSystem] / ext4 errors=remount-ro,x-systemd.growfs 0 1
# Where UEFI finds the boot loader; no package changes it.
LABEL=[=machine.efiLabel] /boot/efi vfat noauto,umask=0077 0 2
