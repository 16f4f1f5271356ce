package io.smartagent.kubernetes.audit;

/** A list that could not be got. */
public final class ListFailure extends Exception {

  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final String remedy;
  private final String continueToken;

  /** What it means for the other lists. */
  public enum Kind {
    /** No role allows this one. */
    FORBIDDEN,
    /** 410: it changed too much between its chunks. */
    EXPIRED,
    /** Something that this one has. */
    OTHER,
    /** The server does not know who asks: so it is with all. */
    UNAUTHORIZED,
    /** The server cannot be reached or trusted: so it is with all. */
    NO_SERVER
  }

  /**
   * Describes the problem.
   *
   * @param fault as a sentence
   * @param remedy as a sentence
   * @param continueToken to continue the list with its current objects; may be empty
   */
  public ListFailure(Kind kind, String fault, String remedy, String continueToken) {
    super(fault);
    this.kind = kind;
    this.remedy = remedy;
    this.continueToken = continueToken;
  }

  Kind kind() {
    return kind;
  }

  String fault() {
    return String.valueOf(getMessage());
  }

  String remedy() {
    return remedy;
  }

  String continueToken() {
    return continueToken;
  }
}
