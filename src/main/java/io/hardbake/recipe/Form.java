package io.hardbake.recipe;

import java.util.regex.Pattern;

/**
 * The forms of text that a recipe knows. The schema holds the same patterns under {@code $defs}, so
 * they keep to what Java and ECMAScript both understand.
 */
enum Form {
  ANY("text", "[\\s\\S]*", "text", "put it in quotes"),
  ROLE("role", "[a-z][a-z0-9-]*", "a recipe's name", "write the file's name without .yaml: base"),
  SUITE(
      "suite", "[a-z][a-z0-9]*", "a Debian suite's codename", "write a codename such as bookworm"),
  URL(
      "url",
      "https?://[^\\s/?#]+(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?",
      "a web address",
      "write it like https://ftp.debian.org/debian"),
  VERSION(
      "version",
      "v(0|[1-9][0-9]{0,8})(\\.(0|[1-9][0-9]{0,8})){2}(-[0-9A-Za-z.-]+)?",
      "a version of Kubernetes",
      "write it as its git tag: v1.18.6"),
  SHA512(
      "sha512",
      "[0-9a-f]{128}",
      "a SHA-512 in lower-case hexadecimal",
      "copy the 128 digits that sha512sum prints"),
  PACKAGE(
      "package",
      "[a-z0-9][a-z0-9+.-]+",
      "the name of a Debian package",
      "write the name alone, in lower case, as apt knows it"),
  KERNEL_WORD(
      "kernelWord",
      "[A-Za-z0-9_.:=,/+-]+",
      "a word for the kernel's command line",
      "write one word an item, without spaces and quotes: net.ifnames=0"),
  DISK_SIZE(
      "diskSize",
      "([1-9][0-9]{0,2}|1[0-9]{3}|20[0-3][0-9]|204[0-8])GiB", // where the format of VMDK ends
      "the size of a disk in whole GiB, 2048GiB at most",
      "write it like 10GiB"),
  MEMORY_SIZE(
      "memorySize",
      "[1-9][0-9]{0,5}[MG]iB",
      "the size of a memory in whole MiB or GiB",
      "write it like 512MiB or 2GiB"),
  PATH(
      "path",
      "(/(?!\\.{1,2}(/|$))[^/\\u0000]+)+",
      "an absolute path without . or .. and without a slash at its end",
      "write it like /etc/nginx/nginx.conf"),
  ACCOUNT_PATH(
      "accountPath", // as passwd(5) can hold it
      "(/(?!\\.{1,2}(/|$))[^/:\\u0000-\\u001f]+)+",
      "an absolute path without . or .., without a colon and without a slash at its end",
      "write it like /home/me"),
  NAME(
      "fileName",
      "(?!/)(?!(.*/)?\\.{1,2}(/|$))[^\\u0000]+",
      "a file of the templates directory",
      "write it relative to the templates directory: base/node.ftl"),
  TEMPLATE(
      "templateName",
      // Blanks of any kind would end the one word in which manifests tell where a file comes from.
      "(?!/)(?!(.*/)?\\.{1,2}(/|$))"
          + "[^\\u0000-\\u0020\\u1680\\u2000-\\u200a\\u2028\\u2029\\u205f\\u3000]+\\.ftl",
      "a template's name, which has no blanks and ends in .ftl",
      "write it relative to the templates directory: base/node.ftl"),
  MODE("mode", "[0-7]{4}", "a mode of four octal digits", "write it in quotes: \"0644\""),
  OWNER(
      "owner",
      Owner.FORM + "(:" + Owner.FORM + ")?",
      "an owner",
      "write user or user:group, each a name or a number: root:adm"),
  TARGET("target", "[^\\u0000]+", "a link's target", "write the path that the link leads to"),
  USER(
      "user", "[a-z_][a-z0-9_-]{0,31}", "a user's name", "use lower-case letters, digits, _ and -"),
  UNIT(
      "unit",
      "[A-Za-z0-9:_.\\\\@-]+\\.(service|socket|timer|target|path|mount|automount|slice|swap)",
      "a systemd unit's full name",
      "add what kind of unit it is: nginx.service"),
  VARIABLE(
      "variable",
      "[a-z][A-Za-z0-9]*",
      "a variable's name",
      "use letters and digits, a lower-case letter first: podCidr"),
  ENVIRONMENT(
      "environment",
      "[A-Za-z_][A-Za-z0-9_]*",
      "an environment variable's name",
      "use letters, digits and _"),
  PORT(
      "port",
      "[1-9][0-9]{0,4}/(tcp|udp|sctp)",
      "a port",
      "write a number from 1 to 65535, or a number with its protocol: 53/udp"),
  SIGNAL(
      "signal",
      "SIG[A-Z0-9]+([+-][0-9]+)?",
      "a signal's name",
      "write it in full: SIGTERM, SIGRTMIN+3");

  private final String definition;
  private final String regex;
  private final Pattern pattern;
  private final String words;
  private final String remedy;

  Form(String definition, String regex, String words, String remedy) {
    this.definition = definition;
    this.regex = regex;
    this.pattern = Pattern.compile(regex);
    this.words = words;
    this.remedy = remedy;
  }

  boolean matches(String text) {
    return pattern.matcher(text).matches();
  }

  /** The name under {@code $defs} in the schema. */
  String definition() {
    return definition;
  }

  /** The pattern as JSON Schema writes it, which would otherwise search instead of match. */
  String anchored() {
    return "^(" + regex + ")$";
  }

  /** What the text should be, in words. */
  String words() {
    return words;
  }

  String remedy() {
    return remedy;
  }
}
