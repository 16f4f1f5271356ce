package io.smartagent.modules.logdiscovery;

/** How the lines of a log are written. */
enum LogFormat {
  /** One JSON object in each line. */
  JSON("json"),
  /** The Container Runtime Interface: time, stream, F or P, text. */
  CRI("cri"),
  /** Docker's driver json-file: objects with log, stream and time. */
  DOCKER_JSON("docker-json"),
  /** {@code Mar 1 10:15:30 host program[pid]: text}. */
  SYSLOG_RFC3164("syslog-rfc3164"),
  /** {@code <34>1 2026-03-01T10:15:30Z host program pid id - text}. */
  SYSLOG_RFC5424("syslog-rfc5424"),
  /** {@code key=value key="two words"}. */
  LOGFMT("logfmt"),
  /** Common or combined log format of web servers. */
  ACCESS_LOG("access-log"),
  /** Text of none of these formats. */
  PLAIN("plain"),
  /** The file is empty, or could not be read. */
  UNKNOWN("unknown");

  private final String id;

  LogFormat(String id) {
    this.id = id;
  }

  /** Returns the name in events and metrics. */
  String id() {
    return id;
  }
}
