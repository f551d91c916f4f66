package io.hardbake.settle;

/** The five files {@code /etc/pam.d/common-*} that pam-auth-update keeps. */
enum PamStack {
  AUTH("auth", "Auth", "auth"),
  ACCOUNT("account", "Account", "account"),
  PASSWORD("password", "Password", "password"),
  SESSION("session", "Session", "session"),
  SESSION_NONINTERACTIVE("session-noninteractive", "Session-noninteractive", "session");

  private final String file;
  private final String field;
  private final String type;

  PamStack(String file, String field, String type) {
    this.file = file;
    this.field = field;
    this.type = type;
  }

  /** The file's name after {@code common-}. */
  String file() {
    return file;
  }

  /** The field of a profile. */
  String field() {
    return field;
  }

  /** The first word of each line (pam.conf(5)). */
  String type() {
    return type;
  }
}
