package io.hardbake.vagrant;

import io.hardbake.io.Size;
import java.util.Locale;

/**
 * The description of a machine that VirtualBox imports, in the words of its own exports: a PIIX4
 * IDE disk and a virtio NIC behind NAT, which Debian's kernel for the cloud drives both. There is
 * no {@code vbox:Machine} section, whose disk ids would have to agree with the disk's.
 *
 * @param capacity of the disk
 * @param vmdk of the disk's file
 * @see <a
 *     href="https://www.dmtf.org/sites/default/files/standards/documents/DSP0243_1.1.0.pdf">DMTF
 *     DSP0243, Open Virtualization Format 1.1.0</a>
 */
record Ovf(BoxSettings settings, Size capacity, Size vmdk) {
  // Numbers of CIM_ResourceAllocationSettingData.ResourceType and CIM_OperatingSystem.OsType.
  @SuppressWarnings("InlineFormatString") // a page of XML is no argument
  private static final String TEXT =
      """
      <?xml version="1.0"?>
      <Envelope ovf:version="1.0" xml:lang="en-US" xmlns="http://schemas.dmtf.org/ovf/envelope/1" \
      xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" \
      xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" \
      xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" \
      xmlns:vbox="http://www.virtualbox.org/ovf/machine">
        <References>
          <File ovf:id="file1" ovf:href="%1$s" ovf:size="%2$d"/>
        </References>
        <DiskSection>
          <Info>List of the virtual disks used in the package</Info>
          <Disk ovf:capacity="%3$d" ovf:diskId="vmdisk1" ovf:fileRef="file1" \
      ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
        </DiskSection>
        <NetworkSection>
          <Info>Logical networks used in the package</Info>
          <Network ovf:name="NAT">
            <Description>Logical network used by this appliance.</Description>
          </Network>
        </NetworkSection>
        <VirtualSystem ovf:id="%4$s">
          <Info>A virtual machine</Info>
          <OperatingSystemSection ovf:id="96">
            <Info>The kind of installed guest operating system</Info>
            <Description>Debian_64</Description>
            <vbox:OSType ovf:required="false">Debian_64</vbox:OSType>
          </OperatingSystemSection>
          <VirtualHardwareSection>
            <Info>Virtual hardware requirements for a virtual machine</Info>
            <System>
              <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
              <vssd:InstanceID>0</vssd:InstanceID>
              <vssd:VirtualSystemIdentifier>%4$s</vssd:VirtualSystemIdentifier>
              <vssd:VirtualSystemType>virtualbox-2.2</vssd:VirtualSystemType>
            </System>
            <Item>
              <rasd:Caption>%5$d virtual CPU</rasd:Caption>
              <rasd:Description>Number of virtual CPUs</rasd:Description>
              <rasd:ElementName>%5$d virtual CPU</rasd:ElementName>
              <rasd:InstanceID>1</rasd:InstanceID>
              <rasd:ResourceType>3</rasd:ResourceType>
              <rasd:VirtualQuantity>%5$d</rasd:VirtualQuantity>
            </Item>
            <Item>
              <rasd:AllocationUnits>MegaBytes</rasd:AllocationUnits>
              <rasd:Caption>%6$d MB of memory</rasd:Caption>
              <rasd:Description>Memory Size</rasd:Description>
              <rasd:ElementName>%6$d MB of memory</rasd:ElementName>
              <rasd:InstanceID>2</rasd:InstanceID>
              <rasd:ResourceType>4</rasd:ResourceType>
              <rasd:VirtualQuantity>%6$d</rasd:VirtualQuantity>
            </Item>
            <Item>
              <rasd:Address>0</rasd:Address>
              <rasd:Caption>ideController0</rasd:Caption>
              <rasd:Description>IDE Controller</rasd:Description>
              <rasd:ElementName>ideController0</rasd:ElementName>
              <rasd:InstanceID>3</rasd:InstanceID>
              <rasd:ResourceSubType>PIIX4</rasd:ResourceSubType>
              <rasd:ResourceType>5</rasd:ResourceType>
            </Item>
            <Item>
              <rasd:AddressOnParent>0</rasd:AddressOnParent>
              <rasd:Caption>disk1</rasd:Caption>
              <rasd:Description>Disk Image</rasd:Description>
              <rasd:ElementName>disk1</rasd:ElementName>
              <rasd:HostResource>/disk/vmdisk1</rasd:HostResource>
              <rasd:InstanceID>4</rasd:InstanceID>
              <rasd:Parent>3</rasd:Parent>
              <rasd:ResourceType>17</rasd:ResourceType>
            </Item>
            <Item>
              <rasd:AutomaticAllocation>true</rasd:AutomaticAllocation>
              <rasd:Caption>Ethernet adapter on 'NAT'</rasd:Caption>
              <rasd:Connection>NAT</rasd:Connection>
              <rasd:ElementName>Ethernet adapter on 'NAT'</rasd:ElementName>
              <rasd:InstanceID>5</rasd:InstanceID>
              <rasd:ResourceSubType>virtio-net</rasd:ResourceSubType>
              <rasd:ResourceType>10</rasd:ResourceType>
            </Item>
          </VirtualHardwareSection>
        </VirtualSystem>
      </Envelope>
      """;

  String text() {
    return String.format(
        Locale.ROOT,
        TEXT,
        Box.VMDK_NAME,
        vmdk.bytes(),
        capacity.bytes(),
        BoxSettings.boxName(settings.role()),
        settings.cpus(),
        settings.memoryMib());
  }
}
