/**
 * Vagrant boxes: a disk, what describes it, and the settings that the guest needs, in one file.
 *
 * <pre>
 *   disk ─► qcow2 ─┬─ metadata.json, info.json, Vagrantfile ───────────► tar ─► …-libvirt.box    ─┐
 *   disk ─► VMDK  ─┴─ metadata.json, info.json, Vagrantfile, box.ovf ──► tar ─► …-virtualbox.box ─┴► catalog
 * </pre>
 *
 * <p>The tar is not compressed, since its payload is; and it is planned as a {@link
 * io.hardbake.disk.Volume}, so that the disk's file is never written by itself. Everything follows
 * from the disk and the {@link io.hardbake.vagrant.BoxSettings}.
 *
 * <p>A box's version is three numbers that sort: Kubernetes' version, the lock's date, and a digest
 * of the boxes. Providers keep disks by a box's name and version and never look at them again, so a
 * box that differs has to have another version. The digest says nothing of what is newer; whoever
 * starts machines asks for the very version that the catalog names.
 *
 * <p>URLs in the catalog are relative: plain file names beside it. So it is the same wherever the
 * project lies, and remains right when the directory is moved. Vagrant takes them relative to the
 * directory that it runs in; {@code vagrant/Vagrantfile} makes them absolute.
 */
@NullMarked
package io.hardbake.vagrant;

import org.jspecify.annotations.NullMarked;
