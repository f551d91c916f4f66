package io.hardbake.vagrant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hardbake.io.Size;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The small files of a box. */
final class Documents {
  private static final long GIB = 1L << 30;

  private Documents() {}

  /** How Vagrant recognizes a box; vagrant-libvirt wants the size in whole GiB. */
  static String metadata(BoxSettings settings, Provider provider, Size disk) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("provider", provider.toString());
    metadata.put("architecture", settings.architecture().debianName());
    if (provider == Provider.LIBVIRT) {
      metadata.put("format", "qcow2");
      metadata.put("virtual_size", gib(disk));
    }
    return json(metadata);
  }

  /** Whole GiB, as vagrant-libvirt wants them. */
  static long gib(Size disk) {
    return (disk.bytes() + GIB - 1) / GIB;
  }

  static String info(BoxSettings settings) {
    return json(settings.info());
  }

  /** Loaded before the project's own Vagrantfile, which may override all of it. */
  static String vagrantfile(BoxSettings settings, Provider provider) {
    String common =
        """
        # What this box needs of a machine. A project's Vagrantfile is read after this one.
        Vagrant.configure("2") do |config|
          config.vm.guest = :debian
          config.vm.synced_folder ".", "/vagrant", disabled: true
        """;
    String own =
        switch (provider) {
          case LIBVIRT ->
              """
                config.vm.provider :libvirt do |libvirt|
                  libvirt.memory = %d
                  libvirt.cpus = %d
                  libvirt.disk_bus = "virtio"
                  libvirt.nic_model_type = "virtio"
                end
              """;
          // The guest has no additions, Debian's cloud kernel does not drive the default NIC, and
          // what a guest flushes VirtualBox leaves to the host's memory unless it is told.
          case VIRTUALBOX ->
              """
                config.vm.provider :virtualbox do |virtualbox|
                  virtualbox.memory = %d
                  virtualbox.cpus = %d
                  virtualbox.check_guest_additions = false
                  virtualbox.functional_vboxsf = false
                  virtualbox.default_nic_type = "virtio"
                  virtualbox.customize ["modifyvm", :id, "--ioapic", "on"]
                  virtualbox.customize ["setextradata", :id, "VBoxInternal/Devices/piix3ide/0/LUN#0/Config/IgnoreFlush", "0"]
                  virtualbox.customize ["modifyvm", :id, "--cableconnected1", "on"]
                end
              """;
        };
    return common
        + String.format(Locale.ROOT, own, settings.memoryMib(), settings.cpus())
        + "end\n";
  }

  /** Indented, keys in the order given, one newline at the end. */
  static String json(Object value) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return JsonMapper.builder().build().writer(printer).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
