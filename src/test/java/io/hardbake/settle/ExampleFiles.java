package io.hardbake.settle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files that hardbake looks into. */
public final class ExampleFiles {
  /** Subject: C=DE, O=" Some Thing ", CN="ÄRGER Root"; openssl x509 -hash says 0981711c. */
  static final String CERTIFICATE_BODY =
      """
      MIIB0TCCAXegAwIBAgIUQEzQThsDoqyfiFmvyXXfoU5irbgwCgYIKoZIzj0EAwIw
      PTELMAkGA1UEBhMCREUxGDAWBgNVBAoMDyAgU29tZSAgIFRoaW5nIDEUMBIGA1UE
      AwwLw4RSR0VSIFJvb3QwIBcNMjYxMTIzMDcyMDA3WhgPMjEyNjEwMzAwNzIwMDda
      MD0xCzAJBgNVBAYTAkRFMRgwFgYDVQQKDA8gIFNvbWUgICBUaGluZyAxFDASBgNV
      BAMMC8OEUkdFUiBSb290MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeCaJexWc
      MeDYQTX+hZ6wNVsyCFdJE4USJWUO7jBcnRJrGlYpFG6nI9ueaBaky7MAXoA0wYrR
      e7/GQqvqArUQaqNTMFEwHQYDVR0OBBYEFN7qfzGJ3hEN/e+qBOc94FOC3BBbMB8G
      A1UdIwQYMBaAFN7qfzGJ3hEN/e+qBOc94FOC3BBbMA8GA1UdEwEB/wQFMAMBAf8w
      CgYIKoZIzj0EAwIDSAAwRQIhAK5C2+D8LXiMc2Brau0Mlr32qyJrApNSFnfXaUE/
      CjAtAiA8mRwW6xc/GU+jNAosNmNd8Vq2apUPE+2AWqtCMSf55A==
      """;

  public static final String CERTIFICATE =
      "-----BEGIN CERTIFICATE-----\n" + CERTIFICATE_BODY + "-----END CERTIFICATE-----";

  private ExampleFiles() {}

  /** For arm64: ELF header, one PT_LOAD that maps the file at 0x10000, PT_DYNAMIC, the strings. */
  public static byte[] library() {
    ByteBuffer elf = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putShort(16, (short) 3).putShort(18, (short) 183).putLong(32, 64);
    elf.putShort(54, (short) 56).putShort(56, (short) 2);
    elf.putInt(64, 1).putLong(72, 0).putLong(80, 0x10000).putLong(96, 400);
    elf.putInt(120, 2).putLong(128, 200).putLong(152, 64);
    elf.putLong(200, 14).putLong(208, 1).putLong(216, 5).putLong(224, 0x10000 + 300);
    elf.position(301).put("libx.so.1\0".getBytes(StandardCharsets.UTF_8));
    return elf.array();
  }
}
