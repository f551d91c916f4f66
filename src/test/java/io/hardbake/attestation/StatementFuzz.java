package io.hardbake.attestation;

import io.hardbake.failure.IntegrityException;
import java.util.Arrays;

/** A statement, and an envelope, is refused, or written anew it reads the same. */
public final class StatementFuzz {
  private static final String WHAT = "a statement";

  private StatementFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Envelope envelope = Envelope.parse(input, WHAT);
      if (!Envelope.parse(envelope.json(), WHAT).equals(envelope)) {
        throw new AssertionError("an envelope reads otherwise when written anew");
      }
    } catch (IntegrityException e) {
      // Then it may be a statement by itself.
    }
    byte[] json;
    try {
      json = Statement.parse(input, WHAT).json();
    } catch (IntegrityException e) {
      return;
    }
    try {
      if (!Arrays.equals(json, Statement.parse(json, WHAT).json())) {
        throw new AssertionError("a statement reads otherwise when written anew");
      }
    } catch (IntegrityException e) {
      throw new AssertionError("what was written is refused", e);
    }
  }
}
