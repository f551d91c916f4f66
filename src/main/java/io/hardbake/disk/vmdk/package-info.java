/**
 * VMware's disk format in the form for transport, <em>streamOptimized</em>, which OVF archives
 * hold.
 *
 * <pre>
 *   header │ descriptor │ 512 grains │ their table │ 512 grains │ … │ grain directory │ footer │ end
 * </pre>
 *
 * <p>Made to be read front to back: the header says that the directory is at the end, and each
 * grain and table has a marker before it. A grain is 64 KiB, compressed as a zlib stream without
 * exception; zeros have none. There is one set of tables, not two. The disk is known by a UUID that
 * the caller derives.
 *
 * <p>{@link io.hardbake.disk.vmdk.VmdkDisk} reads such a file by its tables, and holds these
 * against the markers that come on the way from front to back.
 *
 * @see <a href="https://www.vmware.com/app/vmdk/?src=vmdk">VMware, Virtual Disk Format 5.0</a>
 */
@NullMarked
package io.hardbake.disk.vmdk;

import org.jspecify.annotations.NullMarked;
