package io.smartagent.kubernetes.client;

import io.smartagent.json.JsonTree;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server did not do what it was asked. */
public final class ApiRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final transient ApiFailure failure;
  private final int code;
  private final transient @Nullable Duration retryAfter;
  private final transient JsonTree answer;

  /**
   * @param failure in words
   * @param code of HTTP; 0 where nothing was answered
   * @param retryAfter how long the server asks to be left alone; null where it does not say
   * @param answer the server's {@code Status}; nothing where there is none
   */
  public ApiRequestException(
      ApiFailure failure,
      int code,
      @Nullable Duration retryAfter,
      JsonTree answer,
      Throwable cause) {
    super(failure.fault(), cause);
    this.failure = failure;
    this.code = code;
    this.retryAfter = retryAfter;
    this.answer = answer;
  }

  /** Returns what went wrong, in words. */
  public ApiFailure failure() {
    return failure;
  }

  /** Returns the status of HTTP; 0 where nothing was answered. */
  public int code() {
    return code;
  }

  /** Returns how long the server asks to be left alone; null where it does not say. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Returns whether the server knows the kind of object, and has none of that name; it names none
   * where it does not know the kind.
   */
  public boolean isObjectMissing() {
    return code == NOT_FOUND && !answer.get("details").get("name").text().isEmpty();
  }

  /** Returns whether the object is there already. */
  public boolean isObjectThere() {
    return code == CONFLICT && answer.get("reason").text().equals("AlreadyExists");
  }

  /** Returns whether the namespace is being deleted, and takes nothing any more. */
  public boolean isNamespaceEnding() {
    return answer.get("details").get("causes").items().stream()
        .anyMatch(cause -> cause.get("reason").text().equals("NamespaceTerminating"));
  }
}
