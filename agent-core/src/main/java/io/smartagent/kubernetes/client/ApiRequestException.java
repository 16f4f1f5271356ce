package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server could not be reached, or has refused a request. */
public final class ApiRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final transient ApiFailure failure;
  private final int code;
  private final transient @Nullable Duration retryAfter;
  private final transient @Nullable Status status;

  /**
   * @param failure for the user
   * @param code of HTTP; 0 without a response
   * @param retryAfter how long the server asks clients to wait; null if it does not
   * @param status of the response; null if it has none
   */
  public ApiRequestException(
      ApiFailure failure,
      int code,
      @Nullable Duration retryAfter,
      @Nullable Status status,
      Throwable cause) {
    super(failure.fault(), cause);
    this.failure = failure;
    this.code = code;
    this.retryAfter = retryAfter;
    this.status = status;
  }

  /** Returns the failure for the user. */
  public ApiFailure failure() {
    return failure;
  }

  /** Returns the status code of HTTP; 0 without a response. */
  public int code() {
    return code;
  }

  /** Returns how long the server asks clients to wait; null if it does not. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Returns whether the server knows the kind, but has no object of that name: it names no object
   * when it does not know the kind.
   */
  public boolean isObjectMissing() {
    StatusDetails details = details();
    return code == NOT_FOUND
        && details != null
        && details.getName() != null
        && !details.getName().isEmpty();
  }

  /** Returns whether the object exists already. */
  public boolean isObjectPresent() {
    return code == CONFLICT && status != null && "AlreadyExists".equals(status.getReason());
  }

  /** Returns whether the namespace is being deleted, and accepts no new objects. */
  public boolean isNamespaceTerminating() {
    StatusDetails details = details();
    return details != null
        && details.getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  /** Returns what a list that has expired can be continued from as it is now; may be empty. */
  public String continueToken() {
    String token =
        status == null || status.getMetadata() == null ? null : status.getMetadata().getContinue();
    return token == null ? "" : token;
  }

  private @Nullable StatusDetails details() {
    return status == null ? null : status.getDetails();
  }
}
