package io.hardbake.debian.unpack;

import java.io.IOException;

/**
 * The bytes read are no archive of the announced form, or one that hardbake refuses. An {@link
 * IOException} so that it passes through streams; {@link Unpacker} says which package it is about.
 */
public final class MalformedArchiveException extends IOException {
  MalformedArchiveException(String problem) {
    super(problem);
  }

  MalformedArchiveException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
