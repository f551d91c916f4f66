package io.hardbake.lock;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;

/**
 * A file of a Debian archive.
 *
 * @param archive which archive has it: {@code debian} or {@code debian-security}
 * @param path below the archive's base URL, such as {@code
 *     pool/main/b/bash/bash_5.2.15-2+b7_amd64.deb}
 */
public record LockedFile(String archive, String path, Size size, Sha256 sha256) {}
