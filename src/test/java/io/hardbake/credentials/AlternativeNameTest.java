package io.hardbake.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.failure.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and addresses as users write them. */
final class AlternativeNameTest {
  @ParameterizedTest
  @CsvSource({
    "Controller-0, DNS, controller-0",
    "a.b-c.example, DNS, a.b-c.example",
    "1and1.example, DNS, 1and1.example",
    "*.Example.com, DNS, *.example.com",
    "192.168.50.10, ADDRESS, 192.168.50.10",
    "FD00:0:0::10, ADDRESS, fd00::10",
    "2001:db8:0:1:1:1:1:1, ADDRESS, 2001:db8:0:1:1:1:1:1",
    "1:0:0:2:0:0:0:3, ADDRESS, 1:0:0:2::3",
    "2001:db8:0:0:1:0:0:1, ADDRESS, 2001:db8::1:0:0:1",
    "0:0:0:0:0:0:0:1, ADDRESS, ::1",
    "::, ADDRESS, ::",
    "1::, ADDRESS, 1::",
    "::ffff:10.0.0.1, ADDRESS, 10.0.0.1",
  })
  void isTakenInItsCanonicalForm(String text, AlternativeName.Kind kind, String canonical)
      throws UsageException {
    assertEquals(new AlternativeName(kind, canonical), AlternativeName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "-a",
        "a-",
        "a_b",
        "1.2.3",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4.5",
        "fe80::1%eth0",
        "1:2:3:4:5:6:7:8:9",
        ":::",
        "fd00::g",
        "*",
        "*.",
        "a.*.b",
        "b\u00fccher.example",
        "a b",
        "a\n",
        "[fd00::1]",
        "10.0.0.0/24",
        "https://a",
        "a123456789a123456789a123456789a123456789a123456789a123456789abcd.example"
      })
  void isRefused(String text) {
    assertThrows(UsageException.class, () -> AlternativeName.parse(text));
  }

  @Test
  void membersHaveNamesAndAddresses() throws UsageException {
    Member member = Member.parse("Controller-0=10.0.0.1,fd00::1");
    assertEquals("controller-0", member.name());
    assertEquals(
        List.of("controller-0", "10.0.0.1", "fd00::1"),
        member.names().stream().map(AlternativeName::text).toList());
    assertEquals("10.0.0.1", member.preferred().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "=10.0.0.1", "a=", "a=b", "a=10.0.0.1,", "a=10.0.0.1=10.0.0.2", "*.a", "a.1"})
  void membersAreRefused(String text) {
    assertThrows(UsageException.class, () -> Member.parse(text));
  }
}
