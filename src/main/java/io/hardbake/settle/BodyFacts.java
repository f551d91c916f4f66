package io.hardbake.settle;

import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was found out about the bodies of files. The chains of a bake's recipes have most packages
 * in common; what one has looked into, the others need not open again. For several threads.
 */
final class BodyFacts {
  private final Map<Sha256, Optional<SharedLibrary>> libraries = new ConcurrentHashMap<>();
  private final Map<Sha256, Optional<Certificate>> certificates = new ConcurrentHashMap<>();
  private final Map<Sha256, Optional<String>> generators = new ConcurrentHashMap<>();
  private final Map<Sha256, String> md5 = new ConcurrentHashMap<>();

  @FunctionalInterface
  private interface Reader<T> {
    T read(Content content) throws IOException;
  }

  /** As {@link SharedLibrary#read} has it. */
  Optional<SharedLibrary> library(Content content) throws IOException {
    return known(libraries, content, SharedLibrary::read);
  }

  /** As {@link Certificate#only} has it. */
  Optional<Certificate> certificate(Content content) throws IOException {
    return known(certificates, content, Certificate::only);
  }

  /** As {@link LdCache#generator} has it. */
  Optional<String> ldconfig(Content content) throws IOException {
    return known(generators, content, LdCache::generator);
  }

  /** In lower-case hexadecimal digits. */
  String md5(Content content) throws IOException {
    return known(md5, content, Md5::hex);
  }

  /** Two threads may find out the same at the same time, which harms nobody. */
  private static <T> T known(Map<Sha256, T> facts, Content content, Reader<T> reader)
      throws IOException {
    T fact = facts.get(content.sha256());
    if (fact == null) {
      fact = reader.read(content);
      facts.put(content.sha256(), fact);
    }
    return fact;
  }
}
