package io.hardbake.sbom;

import io.hardbake.io.Sha256;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One of Kubernetes' programs.
 *
 * @param version what the program itself says it is
 * @param sha256 of the program
 * @param source which source gave it: {@code release} or {@code debian-source}
 * @param origin the same in words
 * @param inputs what it was made of: file name to {@code sha512:…} or {@code sha256:…}
 * @param formats which kinds of files of the role have it, as the command line names them
 */
public record KubernetesPart(
    String name,
    String version,
    Sha256 sha256,
    String source,
    String origin,
    SortedMap<String, String> inputs,
    SortedSet<String> formats) {

  public KubernetesPart {
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    formats = Collections.unmodifiableSortedSet(new TreeSet<>(formats));
  }
}
